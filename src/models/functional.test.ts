import { describe, expect, it } from "vitest";
import { referenceEngine, wasmEngine } from "../engines/index.js";
import { bidirectional, dense, embedding, gru, input, lstm, simpleRNN } from "../layers/index.js";
import { sgd } from "../optimizers/index.js";
import { Random } from "../tensor/random.js";
import { type Tensor, tensor } from "../tensor/tensor.js";
import { type Functional, functionalFromConfig, model } from "./functional.js";
import { modelFromConfig } from "./model-from-config.js";
import { sequential } from "./sequential.js";

const numbers = (shape: number[], seed = 1): Tensor<Float64Array> => {
  const random = new Random(seed);
  return tensor(
    Float64Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
    shape,
  );
};
const ids = (shape: [number, number], limit: number, seed = 1): Tensor<Int32Array> => {
  const random = new Random(seed);
  return tensor(
    Int32Array.from({ length: shape[0] * shape[1] }, () => random.integer(limit)),
    shape,
  );
};

it("a graph may be deeper than functions may call themselves", () => {
  const x = input({ shape: [2] });
  const layer = dense(2);
  let value = layer.apply(x);
  for (let i = 1; i < 20_000; i++) value = layer.apply(value);
  expect(model({ inputs: x, outputs: value }).countParams()).toBe(6);
});

/** Encoder and decoder with states, as Keras's tutorials make them. */
function translator(options: object = { engine: referenceEngine, seed: 3 }) {
  const source = input({ shape: [null], name: "source" });
  const target = input({ shape: [null, 3], name: "target" });
  const [, h, c] = lstm(4, { returnState: true }).apply(embedding(7, 5, { maskZero: true }).apply(source));
  const [steps] = lstm(4, { returnSequences: true, returnState: true }).apply([target, h!, c!]);
  const words = dense(6, { activation: "softmax" }).apply(steps!);
  return { source, target, h: h!, c: c!, model: model({ inputs: [source, target], outputs: words }, options) };
}

/** Two inputs, a shared layer, two outputs. */
function twins(options: object = { engine: referenceEngine, seed: 5 }): Functional {
  const [a, b] = [input({ shape: [null], name: "a" }), input({ shape: [null], name: "b" })];
  const [words, read] = [embedding(9, 3, { maskZero: true }), gru(4, { returnSequences: true })];
  const left = read.apply(words.apply(a));
  const right = read.apply(words.apply(b));
  const outputs = {
    tags: dense(3, { activation: "softmax" }).apply(left),
    mark: dense(1, { activation: "sigmoid" }).apply(simpleRNN(2).apply(right)),
  };
  return model({ inputs: [a, b], outputs, name: "twins" }, options);
}

const twinData = (count: number) => ({
  x: { a: ids([count, 5], 9, 1), b: ids([count, 6], 9, 2) },
  y: {
    tags: ids([count, 5], 3, 3),
    mark: tensor(
      Float64Array.from({ length: count }, (_, i) => i % 2),
      [count],
    ),
  },
});
const twinCompile = {
  optimizer: sgd({ learningRate: 0.2 }),
  loss: { tags: "sparseCategoricalCrossentropy", mark: "binaryCrossentropy" },
  lossWeights: { tags: 0.5 },
  metrics: { tags: ["accuracy"], mark: ["accuracy", "mae"] },
} as const;
const bits = (of: Functional) => of.getWeights().map(({ data }) => [...data]);

describe("a chain as a functional model", () => {
  it("is the sequential model: the same names, weights and numbers", async () => {
    const layers = () => [simpleRNN(4, { returnSequences: true }), simpleRNN(3), dense(2)] as const;
    const chain = sequential(layers(), { engine: referenceEngine, seed: 2 }).build([null, null, 5]);
    const start = input({ shape: [null, 5] });
    const end = layers().reduce((value, layer) => layer.apply(value), start);
    const graph = model({ inputs: start, outputs: end }, { engine: referenceEngine, seed: 2 });
    expect(graph.layers.map(({ name }) => name)).toEqual(chain.layers.map(({ name }) => name));
    expect(graph.getWeights()).toEqual(chain.getWeights());
    const x = numbers([2, 4, 5]);
    expect(await graph.predict(x)).toEqual(await chain.predict(x));
  });
});

describe("shared layers", () => {
  it("have one set of weights", () => {
    const one = twins();
    expect(one.layers.map(({ name }) => name)).toEqual(["embedding", "gru", "simple_rnn", "dense", "dense_1"]);
    expect(one.weightNames.filter((name) => name.startsWith("gru"))).toHaveLength(3);
    expect(one.countParams()).toBe(one.getWeights().reduce((sum, { data }) => sum + data.length, 0));
  });

  it("whose inputs need other weights are refused", () => {
    const shared = dense(2);
    const [a, b] = [input({ shape: [3] }), input({ shape: [4] })];
    expect(() => model({ inputs: [a, b], outputs: [shared.apply(a), shared.apply(b)] })).toThrow(
      /Dense "dense" is applied to inputs that need different weights: kernel was \[3, 2\] and would have to be \[4, 2\]/,
    );
  });
});

describe("several inputs and outputs", () => {
  it("are named by their keys or layers, and go in as a list or by name", async () => {
    const one = twins();
    expect(one.inputNames).toEqual(["a", "b"]);
    expect(one.outputNames).toEqual(["tags", "mark"]);
    const { x } = twinData(4);
    const byName = await one.predictAll(x);
    expect(byName.map(({ shape }) => shape)).toEqual([
      [4, 5, 3],
      [4, 1],
    ]);
    expect(await one.predictAll([x.a, x.b])).toEqual(byName);
    expect(await one.predict(x)).toEqual(byName[0]);
  });

  it("are evaluated apart and together", async () => {
    const one = twins().compile(twinCompile);
    const { x, y } = twinData(10);
    const logs = await one.evaluate(x, y, { batchSize: 4 });
    expect(Object.keys(logs)).toEqual(["loss", "tagsLoss", "markLoss", "tagsAccuracy", "markAccuracy", "markMae"]);
    expect(logs.loss).toBeCloseTo(0.5 * logs.tagsLoss! + logs.markLoss!, 12);
    const { history } = await one.fit(x, y, { epochs: 12, validationData: [x, y], verbose: 0, batchSize: 5, seed: 1 });
    expect(Object.keys(history)).toContain("valTagsLoss");
    expect(history.loss![11]).toBeLessThan(history.loss![0]!);
  });

  it("train alike on one thread and on several", async () => {
    const { x, y } = twinData(40);
    const sampleWeight = { mark: tensor(Float64Array.from({ length: 40 }, (_, i) => 1 + (i % 3))) };
    const train = async (threads: number) => {
      const one = twins({ engine: wasmEngine, seed: 5, threads }).compile(twinCompile);
      await one.fit(x, y, { epochs: 2, batchSize: 32, verbose: 0, seed: 1, sampleWeight });
      return one;
    };
    const [alone, together] = [await train(1), await train(3)];
    bits(alone).forEach((weight, i) => {
      weight.forEach((value, j) => {
        expect(bits(together)[i]![j]).toBeCloseTo(value, 5);
      });
    });
  });

  it("that do not fit are refused with what would", async () => {
    const one = twins();
    const { x } = twinData(4);
    await expect(one.predict(x.a)).rejects.toThrow(
      /x: the model expects a list of 2, or \{ a: …, b: … \}; received one/,
    );
    await expect(one.predict({ a: x.a })).rejects.toThrow(/there is nothing for "b"/);
    await expect(one.predict({ ...x, c: x.a })).rejects.toThrow(/received something for "c"/);
    await expect(one.predict([x.a, ids([3, 6], 9)])).rejects.toThrow(
      /x "b": the first input has 4 examples, but this is \[3, 6\]/,
    );
    expect(() => one.compile({ loss: { tag: "mse" } })).toThrow(/loss: the model expects .*something for "tag"/);
    expect(() => one.compile({ loss: ["mse"] })).toThrow(/a list of 2/);
  });

  it("without a loss need no targets", async () => {
    const { x, y } = twinData(6);
    const one = twins().compile({ optimizer: "sgd", loss: [null, "binaryCrossentropy"] });
    expect(Object.keys(await one.evaluate(x, y.mark))).toEqual(["loss"]);
    expect(() => one.compile({ loss: [null, "mse"], metrics: { tags: ["accuracy"] } })).toThrow(/metrics but no loss/);
  });
});

describe("graphs that are not a model", () => {
  const a = input({ shape: [3], name: "a" });
  const b = input({ shape: [3] });

  it("report an input that is missing or not read", () => {
    const sum = dense(2).apply(b);
    expect(() => model({ inputs: a, outputs: sum })).toThrow(
      /the outputs depend on an input that is not among the inputs/,
    );
    expect(() => model({ inputs: [a, b], outputs: sum })).toThrow(/no output depends on the input "a"/);
    expect(() => model({ inputs: b, outputs: "dense" as never })).toThrow(
      /functional: outputs must be the output of a layer/,
    );
  });

  it("report a layer that has fewer outputs than were taken, and one that takes something else", () => {
    const [, h] = lstm(3).apply(input({ shape: [4, 2] }));
    expect(() => dense(1).apply(h!)).toThrow(/returnState: true/);
    expect(() => dense(1).apply([] as never)).toThrow(/the input is missing/);
    expect(() => lstm(3).apply(a)).toThrow(/LSTM expects \[batch, time, features\], received \[null, 3\]/);
  });

  it("are refused for names given twice", () => {
    expect(() => model({ inputs: [a, input({ shape: [3], name: "a" })], outputs: dense(1).apply(a) })).toThrow(
      /no output depends|two inputs are called "a"/,
    );
    expect(() => model({ inputs: { c: a }, outputs: dense(1).apply(a) })).toThrow(/the input "a" is given as "c"/);
  });
});

describe("a config", () => {
  it("makes the model again", async () => {
    const one = twins().compile(twinCompile);
    const { x, y } = twinData(8);
    await one.fit(x, y, { verbose: 0, seed: 1 });
    const again = modelFromConfig(JSON.parse(JSON.stringify(one.toConfig())), { engine: referenceEngine });
    expect(again.toConfig()).toEqual(one.toConfig());
    expect(again.weightNames).toEqual(one.weightNames);
    again.setWeights(one.getWeights());
    expect(await again.predictAll(x)).toEqual(await one.predictAll(x));
  });

  it("of another kind is refused, and so is one that names an unknown value", () => {
    const config = twins().toConfig();
    expect(() => functionalFromConfig({ ...config, type: "Sequential" })).toThrow(/expected type "Functional"/);
    expect(() => modelFromConfig({ ...config, type: "Subclassed" })).toThrow(/Known are Sequential and Functional/);
    const outputs = [{ name: "tags", value: ["dense", 3, 0] as const }];
    expect(() => functionalFromConfig({ ...config, outputs })).toThrow(
      /\["dense",3,0\], which nothing before it makes/,
    );
  });
});

describe("a part", () => {
  it("computes with the weights of the whole, cut at the given tensors", async () => {
    const { source, target, h, c, model: whole } = translator();
    const encoder = whole.part({ inputs: source, outputs: [h, c] });
    const words = ids([2, 5], 7);
    const heard = numbers([2, 3, 3], 4);
    const states = await encoder.predictAll(words);
    const decoder = whole.part({ inputs: [target, h, c], outputs: whole.outputs, name: "decoder" });
    expect(decoder.inputNames).toEqual(["target", "lstm", "lstm_1"]);
    expect(await decoder.predict([heard, ...states])).toEqual(await whole.predict([words, heard]));
    whole.compile({ optimizer: sgd({ learningRate: 0.5 }), loss: "sparseCategoricalCrossentropy" });
    await whole.trainOnBatch([words, heard], ids([2, 3], 6));
    expect(await encoder.predictAll(words)).not.toEqual(states);
    expect(await decoder.predict([heard, ...(await encoder.predictAll(words))])).toEqual(
      await whole.predict([words, heard]),
    );
  });

  it("has no layers besides those of the whole", () => {
    const { source, model: whole } = translator();
    expect(() => whole.part({ inputs: source, outputs: embedding(7, 2).apply(source) })).toThrow(
      /depends on an? Embedding layer that the model does not have/,
    );
  });
});

describe("states", () => {
  it("of both directions start both directions of another layer", async () => {
    const x = input({ shape: [null, 3] });
    const y = input({ shape: [null, 2] });
    const [, ...states] = bidirectional(lstm(4, { returnState: true })).apply(x);
    const read = bidirectional(lstm(4)).apply([y, ...states]);
    const whole = model({ inputs: [x, y], outputs: read }, { engine: referenceEngine, seed: 1 });
    const [a, b, other] = [numbers([2, 5, 3]), numbers([2, 3, 2]), numbers([2, 5, 3], 9)];
    const result = await whole.predict([a, b]);
    expect(result.shape).toEqual([2, 8]);
    expect(await whole.predict([other, b])).not.toEqual(result);
  });
});
