/** Promises of training: the same bits for the same seed, weights that are never lost, and errors with hints. */
import { describe, expect, it } from "vitest";
import { type Engine, referenceEngine, wasmEngine } from "../engines/index.js";
import { ConfigError, DataError, ShapeError, StateError, TavaliError } from "../errors.js";
import {
  dense,
  dropout,
  embedding,
  flatten,
  globalAveragePooling1D,
  masking,
  simpleRNN,
  timeDistributed,
} from "../layers/index.js";
import { adam, sgd } from "../optimizers/index.js";
import { Random } from "../tensor/random.js";
import { tensor } from "../tensor/tensor.js";
import { earlyStopping } from "../training/index.js";
import type { FitOptions } from "./model-options.js";
import { type Sequential, sequential } from "./sequential.js";

const engines: [string, Engine][] = [
  ["float64", referenceEngine],
  ["float32", wasmEngine],
];

const count = 14;
const random = new Random(5);
const x = tensor(
  Int32Array.from({ length: count * 6 }, () => random.integer(9)),
  [count, 6],
);
const y = tensor(
  Float32Array.from({ length: count }, (_, i) => i % 2),
  [count],
);

function sentiment(engine: Engine = referenceEngine, seed = 1): Sequential {
  const layers = [embedding(9, 3, { maskZero: true }), simpleRNN(4), dropout(0.4), dense(1, { activation: "sigmoid" })];
  return sequential(layers, { engine, seed }).compile({
    optimizer: adam({ learningRate: 0.02 }),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
}

const quiet = { verbose: 0, batchSize: 4 } as const;
const bits = (model: Sequential) => model.getWeights().map(({ data }) => [...data]);

describe.each(engines)("in %s", (_, engine) => {
  it("the same seed gives the same bits, another one others", async () => {
    const train = async (seed: number, options: FitOptions = {}) => {
      const model = sentiment(engine, seed);
      const { history } = await model.fit(x, y, { ...quiet, epochs: 3, validationSplit: 0.2, ...options });
      return { history, weights: bits(model) };
    };
    expect(await train(1)).toEqual(await train(1));
    expect(await train(1, { seed: 7 })).toEqual(await train(1, { seed: 7 }));
    expect((await train(1, { seed: 7 })).weights).not.toEqual((await train(1, { seed: 8 })).weights);
    expect((await train(2)).weights).not.toEqual((await train(1)).weights);
  });

  it("a training that was stopped and resumed in another model ends with the same bits", async () => {
    const whole = sentiment(engine);
    const { history } = await whole.fit(x, y, { ...quiet, epochs: 4, seed: 3 });
    const first = sentiment(engine);
    await first.fit(x, y, { ...quiet, epochs: 2, seed: 3 });
    const second = sentiment(engine, 99).build([null, 6]);
    second.setWeights(first.getWeights());
    second.setOptimizerState(first.optimizerState()!);
    const rest = await second.fit(x, y, { ...quiet, epochs: 4, initialEpoch: 2, seed: 3 });
    expect(rest.history.loss).toEqual(history.loss!.slice(2));
    expect(bits(second)).toEqual(bits(whole));
  });

  it("learns", async () => {
    const model = sentiment(engine);
    const before = await model.evaluate(x, y);
    const labels = tensor(
      Float32Array.from({ length: count }, (_, i) => (x.data[i * 6 + 5]! > 4 ? 1 : 0)),
      [count],
    );
    await model.fit(x, labels, { ...quiet, epochs: 60, seed: 1 });
    expect((await model.evaluate(x, labels)).loss).toBeLessThan(before.loss! / 2);
  });

  it("an abort keeps the weights of the last finished step", async () => {
    const [model, twin] = [sentiment(engine), sentiment(engine)];
    const controller = new AbortController();
    const result = await model.fit(x, y, {
      ...quiet,
      epochs: 5,
      seed: 2,
      signal: controller.signal,
      callbacks: [{ onBatchEnd: (batch) => void (batch === 2 && controller.abort()) }],
    });
    expect(result).toEqual({ history: {}, epoch: [], aborted: true });
    await twin.fit(x, y, {
      ...quiet,
      seed: 2,
      callbacks: [
        {
          onBatchEnd(batch, _, control) {
            if (batch === 2) control.stopTraining = true;
          },
        },
      ],
    });
    expect(bits(model)).toEqual(bits(twin));
    expect(model.optimizerState()!.iteration).toBe(3);
  });

  it("a loss that is lost to NaN gives back the weights and the optimizer's state from before the step that spoilt them", async () => {
    const model = sentiment(engine);
    await model.fit(x, y, { ...quiet, epochs: 1, seed: 1 });
    let before: object | undefined;
    const ruin = {
      onBatchEnd(batch: number) {
        if (batch !== 1) return;
        before = { weights: bits(model), state: model.optimizerState() };
        model.learningRate = 1e308;
      },
    };
    const failure = model.fit(x, y, { ...quiet, epochs: 3, initialEpoch: 1, seed: 1, callbacks: [ruin] });
    await expect(failure).rejects.toThrow(TavaliError);
    await expect(failure).rejects.toThrow(
      /NaN in epoch 2, step 4\..*ower the learning rate, which is 1e\+308.*from before epoch 2, step 3/,
    );
    expect({ weights: bits(model), state: model.optimizerState() }).toEqual(before);
  });

  it("earlyStopping goes back to the best epoch", async () => {
    const model = sentiment(engine);
    const seen: number[][][] = [];
    const { history } = await model.fit(x, y, {
      ...quiet,
      epochs: 12,
      seed: 1,
      validationSplit: 0.3,
      callbacks: [
        { onEpochEnd: () => void seen.push(bits(model)) },
        earlyStopping({ patience: 2, restoreBestWeights: true }),
      ],
    });
    const losses = history.valLoss!;
    expect(bits(model)).toEqual(seen[losses.indexOf(Math.min(...losses))]);
  });
});

describe("predict", () => {
  it("does not depend on the batch size, and gives one row per example", async () => {
    const model = sentiment();
    const whole = await model.predict(x);
    expect(whole.shape).toEqual([count, 1]);
    for (const batchSize of [1, 5, 100]) expect(await model.predict(x, { batchSize })).toEqual(whole);
    expect(await model.predictOnBatch(x)).toEqual(whole);
  });

  it("gives sequences batch-first, and every output of a layer that returns its state", async () => {
    const layers = [simpleRNN(3, { returnSequences: true, returnState: true, inputShape: [4, 2] })];
    const model = sequential(layers, { engine: referenceEngine, seed: 1 });
    const series = tensor(
      Float64Array.from({ length: 5 * 4 * 2 }, (_, i) => Math.cos(i)),
      [5, 4, 2],
    );
    const [steps, last] = await model.predictAll(series, { batchSize: 2 });
    expect([steps!.shape, last!.shape]).toEqual([
      [5, 4, 3],
      [5, 3],
    ]);
    for (let row = 0; row < 5; row++) {
      expect(steps!.data.slice(row * 12 + 9, row * 12 + 12)).toEqual(last!.data.slice(row * 3, row * 3 + 3));
    }
  });

  it.each([0, 2.5, Number.NaN])("refuses a batch size of %s", async (batchSize) => {
    await expect(sentiment().predict(x, { batchSize })).rejects.toThrow(ConfigError);
  });

  it("works inside a callback, between two steps", async () => {
    const model = sentiment();
    const shapes: unknown[] = [];
    const look = { onBatchEnd: async () => void shapes.push((await model.predict(x)).shape) };
    await model.fit(x, y, { ...quiet, callbacks: [look] });
    expect(shapes).toEqual(new Array(4).fill([count, 1]));
  });
});

describe("evaluate", () => {
  it("draws its progress only when asked", async () => {
    let text = "";
    const progress = {
      isTerminal: false,
      write(part: string) {
        text += part;
      },
    };
    const model = sentiment();
    await model.evaluate(x, y, { progress, batchSize: 4 });
    expect(text).toBe("");
    await model.evaluate(x, y, { progress, batchSize: 4, verbose: 1 });
    expect(text).toMatch(/^4\/4 - \d+s - \d+[mu]?s\/step - loss: 0\.\d{4} - accuracy: 0\.\d{4}\n$/);
  });
});

describe("trainOnBatch and testOnBatch", () => {
  it("report the batch itself, before the update", async () => {
    const model = sequential([dense(1)], { engine: referenceEngine, seed: 1 });
    model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse", metrics: ["mae"] });
    const [input, target] = [
      [[1], [2]],
      [[3], [5]],
    ];
    const before = await model.testOnBatch(input, target);
    expect(await model.trainOnBatch(input, target)).toEqual(before);
    expect((await model.testOnBatch(input, target)).loss).toBeLessThan(before.loss!);
  });
});

describe("weights of examples", () => {
  const tagger = () =>
    sequential([simpleRNN(3, { returnSequences: true, inputShape: [null, 2] }), timeDistributed(dense(2))], {
      engine: referenceEngine,
      seed: 1,
    }).compile({ loss: "mse" });
  const series = tensor(
    Float32Array.from({ length: 3 * 5 * 2 }, (_, i) => Math.sin(i)),
    [3, 5, 2],
  );
  const sequenceTargets = tensor(new Float32Array(3 * 5 * 2), [3, 5, 2]);

  it("may be one per step, or one that all steps of an example share", async () => {
    const perExample = await tagger().testOnBatch(series, sequenceTargets, { sampleWeight: [[1], [2], [3]] });
    const perStep = await tagger().testOnBatch(series, sequenceTargets, {
      sampleWeight: [1, 2, 3].map((weight) => new Array(5).fill(weight)),
    });
    expect(perExample.loss).toBeCloseTo(perStep.loss!, 12);
    expect(perExample.loss).not.toBeCloseTo((await tagger().testOnBatch(series, sequenceTargets)).loss!, 3);
  });

  it("are refused where their meaning is unclear", async () => {
    const model = tagger();
    const attempt = (options: FitOptions) => model.fit(series, sequenceTargets, { ...quiet, ...options });
    await expect(attempt({ sampleWeight: [1, 2, 3] })).rejects.toThrow(/ambiguous.*\[3, 1\]/);
    await expect(attempt({ classWeight: { 0: 2 } })).rejects.toThrow(/one label per example.*sampleWeight/);
    await expect(attempt({ sampleWeight: [1, 2] })).rejects.toThrow(/x has 3 examples, but this is \[2\]/);
    const both = sentiment().fit(x, y, { ...quiet, classWeight: { 1: 2 }, sampleWeight: y });
    await expect(both).rejects.toThrow(/cannot be combined/);
  });

  it("of classes are weights of their examples", async () => {
    const [byClass, byExample] = [sentiment(), sentiment()];
    await byClass.fit(x, y, { ...quiet, seed: 1, classWeight: { 1: 3 } });
    const sampleWeight = tensor(y.data.map((label) => (label === 1 ? 3 : 1)));
    await byExample.fit(x, y, { ...quiet, seed: 1, sampleWeight });
    expect(bits(byClass)).toEqual(bits(byExample));
  });
});

describe("errors report the problem and a hint", () => {
  const changed = (data: Int32Array | Float32Array, at: number, value: number) => {
    const copy = Float32Array.from(data);
    copy[at] = value;
    return copy;
  };

  it.each<[string, (model: Sequential) => Promise<unknown>, new (...given: never[]) => Error, RegExp]>([
    ["an id out of range", (m) => m.fit(tensor(changed(x.data, 8, 9), x.shape), y), DataError, /9 at \[1, 2\].*0 to 8/],
    [
      "an id that is no integer",
      (m) => m.predict(tensor(changed(x.data, 8, 1.5), x.shape)),
      DataError,
      /1\.5 at \[1, 2\]/,
    ],
    [
      "a target that is NaN",
      (m) => m.fit(x, changed(y.data, 3, Number.NaN)),
      DataError,
      /y: the value at \[3, 0\] is NaN/,
    ],
    [
      "fewer targets than inputs",
      (m) => m.fit(x, y.data.slice(1)),
      ShapeError,
      /x has 14 examples, but this is \[13\]/,
    ],
    [
      "targets of another shape",
      (m) => m.fit(x, x),
      ShapeError,
      /binaryCrossentropy compares predictions \[14, 1\].*received \[14, 6\]/,
    ],
    [
      "a validation split without data",
      (m) => m.fit(x, y, { validationSplit: 1 }),
      ConfigError,
      /leaves 0 to train on and 14/,
    ],
    ["no examples", (m) => m.predict(tensor(new Int32Array(0), [0, 6])), DataError, /no examples/],
    ["ragged data", (m) => m.predict([[1, 2], [3]]), ShapeError, /padSequences/],
    ["a loss that is missing", async (m) => m.compile({} as never), ConfigError, /choose a loss/],
    ["an unknown optimizer", async (m) => m.compile({ optimizer: "speed", loss: "mse" }), ConfigError, /"speed"/],
    ["an unknown metric", async (m) => m.compile({ loss: "mse", metrics: ["luck"] }), ConfigError, /"luck"/],
  ])("%s", async (_, act, kind, message) => {
    const failure = act(sentiment());
    await expect(failure).rejects.toThrow(kind);
    await expect(failure).rejects.toThrow(message);
  });

  it("NaN in real inputs", async () => {
    const model = sequential([simpleRNN(2, { inputShape: [2, 1] })], { engine: referenceEngine });
    await expect(model.predict([[[1], [Number.NaN]]])).rejects.toThrow(/x: the value at \[0, 1, 0\] is NaN/);
  });

  it("training before compile", async () => {
    await expect(sequential([dense(1)]).fit([[1]], [[1]])).rejects.toThrow(StateError);
  });

  it("a second fit while the first is running", async () => {
    const model = sentiment();
    const first = model.fit(x, y, quiet);
    await expect(model.fit(x, y, quiet)).rejects.toThrow(/being trained already/);
    await first;
    await model.fit(x, y, quiet);
  });

  it("a mask that a layer would drop", async () => {
    const layers = [masking({ inputShape: [4, 2] }), simpleRNN(2, { returnSequences: true }), flatten(), dense(1)];
    const model = sequential(layers, { engine: referenceEngine });
    const padded = tensor(new Float32Array(3 * 4 * 2), [3, 4, 2]);
    await expect(model.predict(padded)).rejects.toThrow(
      /Flatten "flatten" received padded data.*globalAveragePooling1D/,
    );
    const pooled = sequential(
      [...layers.slice(0, 2).map((layer) => ({ ...layer })), globalAveragePooling1D(), dense(1)],
      {
        engine: referenceEngine,
      },
    );
    expect((await pooled.predict(padded)).data.every(Number.isFinite)).toBe(true);
  });
});
