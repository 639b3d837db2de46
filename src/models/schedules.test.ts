/** Learning rates that follow a schedule, step by step. */
import { describe, expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { StateError, TavaliError } from "../errors.js";
import { dense } from "../layers/index.js";
import { exponentialDecay, piecewiseConstantDecay, type Schedule, sgd } from "../optimizers/index.js";
import { type Sequential, sequential, sequentialFromConfig } from "./sequential.js";

const x = Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const y = x.map(([a, b]) => Number(a! > b!));
const quiet = { verbose: 0, batchSize: 4, shuffle: false } as const;

function trained(learningRate: number | Schedule) {
  return sequential([dense(1, { activation: "sigmoid" })], { engine: referenceEngine, seed: 1 })
    .build([null, 2])
    .compile({ optimizer: sgd({ learningRate }), loss: "binaryCrossentropy" });
}

const weights = (model: Sequential) => model.getWeights().map(({ data }) => [...data]);
const falling = exponentialDecay({ initialLearningRate: 0.5, decaySteps: 2, decayRate: 0.5 });

describe("a learning rate that follows a schedule", () => {
  it("is that of the step, counted over epochs", async () => {
    const [scheduled, byHand] = [trained(falling), trained(0.5)];
    const seen: number[] = [];
    await scheduled.fit(x, y, {
      ...quiet,
      epochs: 2,
      callbacks: [{ onBatchBegin: () => void seen.push(scheduled.learningRate) }],
    });
    let step = 0;
    await byHand.fit(x, y, {
      ...quiet,
      epochs: 2,
      callbacks: [
        {
          onBatchBegin() {
            byHand.learningRate = falling.at(step++);
          },
        },
      ],
    });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5].map(falling.at));
    expect(weights(scheduled)).toEqual(weights(byHand));
  });

  it("continues in a model that resumes from a saved state", async () => {
    const whole = trained(falling);
    await whole.fit(x, y, { ...quiet, epochs: 3, seed: 1 });
    const first = trained(falling);
    await first.fit(x, y, { ...quiet, epochs: 1, seed: 1 });
    const second = sequentialFromConfig(JSON.parse(JSON.stringify(first.toConfig())), { engine: referenceEngine });
    second.setWeights(first.getWeights());
    second.setOptimizerState(first.optimizerState()!);
    expect(second.learningRate).toBe(falling.at(3));
    await second.fit(x, y, { ...quiet, epochs: 3, initialEpoch: 1, seed: 1 });
    expect(weights(second)).toEqual(weights(whole));
  });

  it("cannot be changed by hand", () => {
    const model = trained(piecewiseConstantDecay({ boundaries: [1], values: [0.1, 0.01] }));
    expect(() => {
      model.learningRate = 1;
    }).toThrow(StateError);
    expect(model.learningRate).toBe(0.1);
  });
});

describe("a loss that is lost under a schedule", () => {
  it("goes back to the step before, whose rate the schedule has too", async () => {
    const learningRate = exponentialDecay({ initialLearningRate: 1e300, decaySteps: 1, decayRate: 0.9 });
    const model = sequential([dense(1)], { engine: referenceEngine, seed: 1 }).build([null, 2]);
    model.compile({ optimizer: sgd({ learningRate }), loss: "mse" });
    await expect(model.fit(x, y, { ...quiet, epochs: 3 })).rejects.toThrow(TavaliError);
    await expect(model.fit(x, y, { ...quiet, epochs: 3 })).rejects.not.toThrow(StateError);
    for (const { data } of model.getWeights()) expect([...data].every(Number.isFinite)).toBe(true);
  });
});
