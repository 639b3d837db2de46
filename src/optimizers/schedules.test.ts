import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import {
  adam,
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  piecewiseConstantDecay,
  polynomialDecay,
  resolveOptimizer,
  resolveSchedule,
  type Schedule,
  schedules,
} from "./index.js";

const examples: Record<string, Schedule> = {
  exponentialDecay: exponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5, staircase: true }),
  inverseTimeDecay: inverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 }),
  polynomialDecay: polynomialDecay({ initialLearningRate: 0.1, decaySteps: 10, power: 2, cycle: true }),
  piecewiseConstantDecay: piecewiseConstantDecay({ boundaries: [3, 8], values: [0.1, 0.05, 0.01] }),
  cosineDecay: cosineDecay({ initialLearningRate: 0, decaySteps: 10, warmupTarget: 0.2, warmupSteps: 5, alpha: 0.1 }),
  cosineDecayRestarts: cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 5, tMul: 1, mMul: 0.5 }),
};

describe.each(Object.keys(schedules))("%s", (name) => {
  const schedule = examples[name]!;

  it("comes back from its config, and from that of an optimizer", () => {
    const again = resolveSchedule(JSON.parse(JSON.stringify(schedule.config)));
    expect(again.config).toEqual(schedule.config);
    const optimizer = resolveOptimizer(JSON.parse(JSON.stringify(adam({ learningRate: schedule }).config)));
    for (const step of [0, 1, 4, 9, 100]) {
      expect(again.at(step)).toBe(schedule.at(step));
      expect(optimizer.schedule!.at(step)).toBe(schedule.at(step));
    }
    expect(optimizer.learningRate).toBe(schedule.at(0));
    expect(resolveSchedule(schedule)).toBe(schedule);
  });

  it("is a number of at least 0 at any step", () => {
    for (let step = 0; step < 200; step++) expect(schedule.at(step)).toBeGreaterThanOrEqual(0);
  });
});

describe("options of schedules", () => {
  it.each([
    [() => resolveSchedule({ type: "linear" }), 'Unknown schedule "linear". Known are exponentialDecay,'],
    [
      () => exponentialDecay({ initialLearningRate: -1, decaySteps: 1, decayRate: 1 }),
      "exponentialDecay: initialLearningRate must be a number of at least 0, received -1.",
    ],
    [
      () => cosineDecay({ initialLearningRate: 1, decaySteps: 0 }),
      "cosineDecay: decaySteps must be a positive number, received 0.",
    ],
    [
      () => cosineDecay({ initialLearningRate: 1, decaySteps: 10, alpha: -1 }),
      "cosineDecay: alpha must be a number of at least 0, received -1.",
    ],
    [
      () => cosineDecay({ initialLearningRate: 1 } as never),
      "cosineDecay: decaySteps must be a positive number, received undefined.",
    ],
    [() => piecewiseConstantDecay({ boundaries: [1], values: [1] }), "received 1 boundaries and 1 values"],
    [() => piecewiseConstantDecay({ boundaries: [3, 2], values: [1, 1, 1] }), "must ascend from 0, received 3, 2"],
    [
      () => piecewiseConstantDecay({ boundaries: [3], values: [1, -1] }),
      "piecewiseConstantDecay: values must be a list of numbers of at least 0 (entry 1 is not), received [1, -1].",
    ],
  ])("wrong ones are refused (%#)", (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
