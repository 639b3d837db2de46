/** Resumed trainings: from any checkpoint, the end is that of an uninterrupted training. */
import { describe, expect, it } from "vitest";
import { StateError } from "../errors.js";
import { dense, dropout, embedding, lstm } from "../layers/index.js";
import { type FitOptions, sequential } from "../models/index.js";
import { Random } from "../tensor/random.js";
import type { Callback } from "./callbacks.js";
import { earlyStopping } from "./early-stopping.js";
import type { TrainingState } from "./training-state.js";

const random = new Random(7);
const [count, time] = [23, 5];
const x = { data: Int32Array.from({ length: count * time }, () => random.integer(11)), shape: [count, time] };
const y = Array.from({ length: count }, () => random.integer(2));

function build(units = 3) {
  const layers = [embedding(11, 4, { maskZero: true }), lstm(units, { dropout: 0.3 }), dropout(0.2), dense(1)];
  return sequential(layers, { seed: 5, threads: 2 }).compile({
    optimizer: "adam",
    loss: "meanSquaredError",
    metrics: ["meanAbsoluteError"],
  });
}

const decay: Callback = {
  onEpochBegin(_, { model }) {
    model.learningRate *= 0.5;
  },
};
const options = (): FitOptions => ({
  batchSize: 4,
  epochs: 4,
  validationSplit: 0.3,
  validationFreq: 2,
  verbose: 0,
  callbacks: [decay, earlyStopping({ patience: 1, restoreBestWeights: true })],
});

async function train(more: FitOptions = {}, model = build()) {
  const history = await model.fit(x, y, { ...options(), ...more });
  const state = await model.trainer.snapshot();
  return { history, state, learningRate: model.learningRate, randomState: model.randomState };
}

async function checkpoints(more: FitOptions = {}): Promise<TrainingState[]> {
  const states: TrainingState[] = [];
  await train({ ...more, checkpoint: { every: { steps: 1, epochs: 1 }, save: (state) => void states.push(state) } });
  return states;
}

describe("resume", () => {
  it("ends with the same bits from every checkpoint, in a new model, and reports the same numbers", async () => {
    const whole = await train();
    const states = await checkpoints();
    expect(states.map(({ epoch, batch }) => `${epoch}.${batch}`)).toContain("1.3");
    for (const resume of states) expect(await train({ resume }), `${resume.epoch}.${resume.batch}`).toEqual(whole);
  });

  it("continues for more epochs than the first training had", async () => {
    const resume = (await checkpoints({ epochs: 2 })).at(-1)!;
    expect(await train({ resume })).toEqual(await train());
  });

  it("stays ended if a callback ended it", async () => {
    const worse = () => ({ ...options(), callbacks: [earlyStopping({ mode: "max", monitor: "valLoss" })] });
    const states = await checkpoints({ ...worse(), validationFreq: 1 });
    const last = states.at(-1)!;
    expect(last.stopped).toBe(true);
    const { history } = await train({ ...worse(), validationFreq: 1, resume: last });
    expect(history.epoch).toEqual(last.epochs);
  });

  it("saves the state when a signal ends the training in the middle of an epoch", async () => {
    const states: TrainingState[] = [];
    const signal = { aborted: false };
    const stop: Callback = {
      onBatchEnd(batch) {
        signal.aborted = batch === 2;
      },
    };
    const { callbacks } = options();
    await train({
      signal,
      callbacks: [...callbacks!, stop],
      checkpoint: { every: { epochs: 9 }, save: (state) => void states.push(state) },
    });
    expect(states.map(({ epoch, batch }) => [epoch, batch])).toEqual([[0, 3]]);
    expect(await train({ resume: states[0]! })).toEqual(await train());
  });

  it("refuses another training, and lists the differences", async () => {
    const [resume] = await checkpoints();
    const refusal = async (more: FitOptions, model = build()) => {
      const failure = await train({ resume: resume!, ...more }, model).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StateError);
      return (failure as Error).message;
    };
    expect(await refusal({ batchSize: 5 })).toMatch(/batchSize: 4 then, 5 now/);
    expect(await refusal({}, build(2))).toMatch(/layers: ….*"units":3.*then, ….*"units":2.* now/);
    expect(await refusal({ validationSplit: 0.2 })).toMatch(/x: \[16, 5\] \w+ \w+ then, \[18, 5\] \w+ \w+ now/);
    expect(await refusal({ callbacks: [] })).toMatch(/callbacks: earlyStopping then, none now/);
    expect(await refusal({ fingerprint: { task: "reviews" } })).toMatch(/task: none then, reviews now/);
    // Names that every object has.
    expect(await refusal({ fingerprint: { toString: "x".repeat(99) } as never })).toMatch(/toString: …none… then/);
    expect(await refusal({ seed: 4 })).toMatch(/seed: \d+ then, 4 now/);
  });

  it.each([{ steps: 0 }, { seconds: 0 }, {}])("refuses a checkpoint every %j", async (every) => {
    await expect(train({ checkpoint: { every, save: () => {} } })).rejects.toThrow(/checkpoint\.every/);
  });
});
