/** Windows over streams: with weights that do not change they add up to truncated back-propagation over the whole. */
import { describe, expect, it } from "vitest";
import { expectClose, randomValues } from "../../tests/conformance/run-equations.js";
import { gruCell, lstmCell } from "../cells/index.js";
import { type Engine, referenceEngine, wasmEngine } from "../engines/index.js";
import { add } from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import { inspect } from "../inspection/index.js";
import {
  bidirectional,
  dense,
  dropout,
  embedding,
  gru,
  input,
  type Layer,
  lstm,
  type RecurrentOptions,
  rnn,
  simpleRNN,
} from "../layers/index.js";
import type { Optimizer } from "../optimizers/index.js";
import type { TrainingState } from "../training/index.js";
import { model as functional } from "./functional.js";
import type { FitOptions } from "./model-options.js";
import { sequential } from "./sequential.js";

const [N, L, F] = [3, 12, 2];
const x = { data: Float64Array.from(randomValues(N * L * F, 1)), shape: [N, L, F] };
const y = { data: Float64Array.from(randomValues(N * L, 2)), shape: [N, L, 1] };

/** Leaves the weights as they are and adds up their gradients. */
const gather = (): Optimizer => ({
  name: "gather",
  config: { type: "gather" },
  clip: {},
  learningRate: 1,
  slots: [{ name: "sum", initial: 0 }],
  slotOrder: "byWeight",
  update: ({ weight, gradient, slots }) => ({ weight, slots: { sum: add(slots.sum!, gradient) } }),
});

type Make = (options: RecurrentOptions) => Layer[];
const layers: [string, Make][] = [
  ["simpleRNN", (options) => [simpleRNN(4, options)]],
  ["lstm", (options) => [lstm(4, options)]],
  ["gru with a learned initial state", (options) => [gru(4, { ...options, initialState: "learned" })]],
  ["stacked cells", (options) => [rnn([lstmCell, gruCell], [4, 3], options)]],
];
const cuts: [number, number][] = [
  [4, 4],
  [3, 1],
  [5, 2],
  [6, 3],
  [12, 12],
  [20, 4],
];
const quiet = { verbose: 0, batchSize: N, shuffle: false, seed: 1 } as const;

describe.each([
  ["float64, one thread", referenceEngine, 1, 1e-13],
  ["float32, two threads", wasmEngine, 2, 1e-5],
] as const)("gradients of all windows, in %s", (_, engine, threads, tolerance) => {
  it.each(layers)("%s: add up to those of the scan's truncation", async (_, make) => {
    // Enough streams that two threads share them.
    const repeat = threads === 1 ? 1 : 6;
    const many = <Data extends typeof x>({ data, shape }: Data) => ({
      data: Float64Array.from(Array.from({ length: repeat }, () => [...data]).flat()),
      shape: [shape[0]! * repeat, ...shape.slice(1)],
    });
    const [xs, ys] = [many(x), many(y)];
    for (const [window, stride] of cuts) {
      const steps = { returnSequences: true } as const;
      const model = sequential([...make(steps), dense(1)], { engine, threads, seed: 2 }).build([null, null, F]);
      model.compile({ optimizer: gather(), loss: "meanSquaredError" });
      const { history } = await model.fit(xs, ys, { ...quiet, batchSize: N * repeat, truncate: { window, stride } });
      const cut = sequential([...make({ ...steps, truncation: { window, stride } }), dense(1)], {
        engine: referenceEngine,
      });
      cut.build([null, null, F]).setWeights(model.getWeights());
      cut.compile({ optimizer: gather(), loss: "meanSquaredError" });
      const inspected = await inspect(cut, xs, ys);
      expect(history.loss![0]).toBeCloseTo(inspected.loss, 5);
      const sums = model
        .optimizerState()!
        .slots.map(({ values }) => Array.from(values.data, (sum) => (sum * stride) / L));
      const expected = Object.values(inspected.layers[0]!.weights).map(({ gradient }) => gradient.data);
      expected.forEach((gradient, i) => {
        expectClose(sums[i]!, gradient, tolerance, `window ${window}, stride ${stride}, weight ${i}`);
      });
    }
  });
});

function babbler(engine: Engine = wasmEngine, threads = 2, maskZero = true) {
  const parts = [embedding(7, 4, { maskZero }), lstm(5, { returnSequences: true, dropout: 0.2 }), dropout(0.2)];
  return sequential([...parts, dense(7, { activation: "softmax" })], { engine, threads, seed: 3 }).compile({
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
}
const words = { data: Int32Array.from({ length: 20 * 23 }, (_, i) => (i * i + 3 * i) % 7), shape: [20, 23] };
const next = { data: Int32Array.from({ length: 20 * 23 }, (_, i) => (i * 5 + 1) % 7), shape: [20, 23] };
const windows: FitOptions = { verbose: 0, batchSize: 16, epochs: 2, seed: 4, truncate: { window: 9, stride: 5 } };

describe("fit over streams", () => {
  it("gives the same bits for the same seed, and resumes from any checkpoint with them", async () => {
    const train = async (more: FitOptions = {}) => {
      const model = babbler();
      const { history } = await model.fit(words, next, { ...windows, ...more });
      return { history, weights: model.getWeights(), state: await model.trainer.snapshot() };
    };
    const states: TrainingState[] = [];
    const whole = await train({ checkpoint: { every: { steps: 1 }, save: (state) => void states.push(state) } });
    expect(states.map(({ epoch, batch }) => `${epoch}.${batch}`)).toContain("1.3");
    expect(await train()).toEqual(whole);
    // Within a stream, between two groups of streams, at an epoch's end.
    for (const resume of [states[2]!, states[4]!, states[6]!, states[10]!])
      expect(await train({ resume })).toEqual(whole);
    const other = train({ resume: states[2], truncate: { window: 10, stride: 5 } });
    await expect(other).rejects.toThrow(/truncate/);
  });

  it("starts fresh at every epoch and for every stream", async () => {
    const model = sequential([gru(4, { returnSequences: true }), dense(1)], { engine: referenceEngine, seed: 2 });
    model.compile({ optimizer: gather(), loss: "meanSquaredError" });
    const options = { verbose: 0, batchSize: 1, shuffle: false, truncate: { window: 4 } } as const;
    const { history } = await model.fit(x, y, { ...options, epochs: 3 });
    const { loss } = await model.evaluate(x, y);
    for (const value of history.loss!) expect(value).toBeCloseTo(loss!, 14);
  });

  it("cuts a single stream into pieces that are read side by side", async () => {
    const flat = { data: words.data, shape: [1, 460] };
    const answers = { data: next.data, shape: [1, 460] };
    const [one, several] = [babbler(), babbler()];
    const options = { ...windows, batchSize: 20, shuffle: false };
    const cut = await one.fit(flat, answers, options);
    const given = await several.fit(words, next, options);
    expect(cut.history).toEqual(given.history);
    expect(one.getWeights()).toEqual(several.getWeights());
    await expect(babbler().fit(flat, answers, { ...options, batchSize: 461 })).rejects.toThrow(
      "choose a smaller batchSize",
    );
  });

  it("learns from further back than a window reaches, where the state carries it", async () => {
    // The first word of a stream decides all answers; only the state knows it in later windows.
    const marks = {
      data: Float32Array.from({ length: 32 * 12 }, (_, i) => (i % 12 === 0 ? ((i / 12) % 2) * 2 - 1 : 0)),
      shape: [32, 12, 1],
    };
    const answers = {
      data: Float32Array.from({ length: 32 * 12 }, (_, i) => Math.floor(i / 12) % 2),
      shape: [32, 12, 1],
    };
    const model = sequential([gru(6, { returnSequences: true }), dense(1, { activation: "sigmoid" })], { seed: 1 });
    model.compile({ optimizer: "adam", loss: "binaryCrossentropy", metrics: ["accuracy"] });
    model.learningRate = 0.03;
    const { history } = await model.fit(marks, answers, { verbose: 0, epochs: 30, seed: 1, truncate: { window: 3 } });
    expect(history.accuracy!.at(-1)).toBeGreaterThan(0.99);
  });

  it("weighs and validates as ever", async () => {
    const model = babbler(referenceEngine, 1);
    const { history } = await model.fit(words, next, {
      ...windows,
      validationData: [words, next],
      sampleWeight: { data: Float32Array.from({ length: 20 }, (_, i) => i % 2), shape: [20, 1] },
    });
    expect(history.valLoss).toHaveLength(2);
  });

  it("validates in windows as on whole streams", async () => {
    const model = babbler(wasmEngine, 2, false);
    const whole = { verbose: 0, seed: 4, batchSize: 20, shuffle: false } as const;
    const { history } = await model.fit(words, next, {
      ...whole,
      truncate: { window: 4 },
      validationData: [next, words],
    });
    const { loss, accuracy } = await model.evaluate(next, words);
    expect(history.valLoss![0]).toBeCloseTo(loss!, 5);
    expect(history.valAccuracy![0]).toBeCloseTo(accuracy!, 6);
  });

  it("reports every number of streams without steps", async () => {
    const empty = { data: new Float64Array(0), shape: [N, 0, F] };
    const answers = { data: new Float64Array(0), shape: [N, 0, 1] };
    const model = sequential([gru(2, { inputShape: [null, F], returnSequences: true }), dense(1)]);
    model.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: ["meanAbsoluteError"] });
    const whole = await model.evaluate(empty, answers);
    expect(whole).toEqual({ loss: 0, meanAbsoluteError: 0 });
    expect(await model.evaluate(empty, answers, { window: 3 })).toEqual(whole);
    const { history } = await model.fit(empty, answers, { verbose: 0, truncate: { window: 3 } });
    expect(history).toEqual({ loss: [0], meanAbsoluteError: [0] });
  });

  it("reports data that do not fit", async () => {
    const truncate = { window: 4 };
    const last = sequential([lstm(4), dense(1)]).compile({ loss: "meanSquaredError" });
    await expect(last.fit(x, [[1], [2], [3]], { truncate })).rejects.toThrow(ShapeError);
    await expect(last.fit(x, [[1], [2], [3]], { truncate })).rejects.toThrow("give the layers a truncation instead");
    const both = sequential([bidirectional(gru(2, { returnSequences: true })), dense(1)]).compile({ loss: "mse" });
    await expect(both.fit(x, y, { truncate, verbose: 0 })).rejects.toThrow("reads from the end");
    const [a, h] = [input({ shape: [null, 2] }), input({ shape: [12] })];
    const given = functional({ inputs: [a, h], outputs: gru(12, { returnSequences: true }).apply([a, h]) });
    given.compile({ loss: "meanSquaredError" });
    const data = [x, { data: new Float32Array(N * 12), shape: [N, 12] }];
    const answers = { data: new Float32Array(N * L * 12), shape: [N, L, 12] };
    await expect(given.fit(data, answers, { truncate })).rejects.toThrow(ConfigError);
    const heard = sequential([gru(4, { returnSequences: true }), dense(4)]).compile({ loss: "ctc" });
    const letters = { data: new Int32Array(N * 3).fill(1), shape: [N, 3] };
    await expect(heard.fit(x, letters, { truncate })).rejects.toThrow("reads whole sequences");
  });
});

describe("evaluate in windows", () => {
  it.each([
    ["float64, one thread", referenceEngine, 1, 12],
    ["float32, two threads", wasmEngine, 2, 5],
  ] as const)("gives what whole streams give, whatever the window, in %s", async (_, engine, threads, digits) => {
    const model = babbler(engine, threads, false).build([null, null]);
    const whole = await model.evaluate(words, next);
    for (const window of [1, 5, 23, 40]) {
      const logs = await model.evaluate(words, next, { window, batchSize: 17 });
      expect(logs.loss, `window ${window}`).toBeCloseTo(whole.loss!, digits);
      expect(logs.accuracy, `window ${window}`).toBeCloseTo(whole.accuracy!, digits);
    }
  });

  it("does not change a running training", async () => {
    const plain = babbler();
    await plain.fit(words, next, windows);
    const judged = babbler();
    const judge = { onBatchEnd: async () => void (await judged.evaluate(next, words, { window: 5, batchSize: 16 })) };
    await judged.fit(words, next, { ...windows, callbacks: [judge] });
    expect(judged.getWeights()).toEqual(plain.getWeights());
  });

  it("reports data that do not fit", async () => {
    const model = babbler().build([null, null]);
    await expect(model.evaluate(words, next, { window: 0 })).rejects.toThrow("window must be a positive integer");
    const last = sequential([lstm(4), dense(1)]).compile({ loss: "meanSquaredError" });
    await expect(last.evaluate(x, [[1], [2], [3]], { window: 3 })).rejects.toThrow("answers at every step");
  });
});

describe("stateful layers", () => {
  const stateful = (threads = 1, engine: Engine = wasmEngine) =>
    sequential([lstm(4, { stateful: true, returnSequences: true }), dense(1)], { engine, threads, seed: 2 }).compile({
      optimizer: "adam",
      loss: "meanSquaredError",
    });
  const many = { data: Float32Array.from(randomValues(32 * 5 * F, 3)), shape: [32, 5, F] };
  const answers = { data: Float32Array.from(randomValues(32 * 5, 4)), shape: [32, 5, 1] };
  const options = { verbose: 0, batchSize: 16, shuffle: false, seed: 1, epochs: 2 } as const;

  it("train alike on one thread and on two, and resume from a checkpoint with the same bits", async () => {
    const [one, two] = [stateful(1), stateful(2)];
    await one.fit(many, answers, options);
    const states: TrainingState[] = [];
    await two.fit(many, answers, {
      ...options,
      checkpoint: { every: { steps: 1 }, save: (state) => void states.push(state) },
    });
    one.getWeights().forEach(({ data }, i) => {
      expectClose(two.getWeights()[i]!.data, data, 1e-5);
    });
    const resumed = stateful(2);
    await resumed.fit(many, answers, { ...options, resume: states[0] });
    expect(resumed.getWeights()).toEqual(two.getWeights());
    expect(await resumed.predict(many, { batchSize: 16 })).toEqual(await two.predict(many, { batchSize: 16 }));
  });

  it("keep the batch size until they start fresh", async () => {
    const model = stateful(1, referenceEngine).build([null, null, F]);
    const three = await model.predict(x);
    await expect(model.predict(many, { batchSize: 2 })).rejects.toThrow(
      "hold the states of 3 sequences, but this batch has 2. Keep the batch size",
    );
    model.resetStates();
    await model.predict(many, { batchSize: 2 });
    model.resetStates();
    expect(await model.predict(x)).toEqual(three);
    expect(await model.predict(x)).not.toEqual(three);
  });

  it("do not affect a run with a given state", async () => {
    const model = stateful(1, referenceEngine).build([null, null, F]);
    const { output } = await model.run(x);
    await model.predict(x);
    expect((await model.run(x)).output).toEqual(output);
  });

  it("refuse to read from the end, and are remembered by configs", async () => {
    for (const layer of [bidirectional(gru(2, { stateful: true })), gru(2, { stateful: true, goBackwards: true })]) {
      const model = sequential([layer], { engine: referenceEngine }).build([null, null, F]);
      await expect(model.predict(x)).rejects.toThrow("reads from the end");
    }
    expect(lstm(4, { stateful: true }).config.stateful).toBe(true);
    expect("stateful" in lstm(4).config).toBe(false);
  });
});
