import { describe, expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { ShapeError, StateError } from "../errors.js";
import {
  bidirectional,
  concatenate,
  dense,
  embedding,
  gru,
  input,
  type Layer,
  layerFromConfig,
  lstm,
  simpleRNN,
  timeDistributed,
} from "../layers/index.js";
import { l2, maxNorm } from "../regularizers/index.js";
import { functionalFromConfig, model } from "./functional.js";
import type { Model } from "./model.js";
import { modelFromConfig } from "./model-from-config.js";
import { sequential, sequentialFromConfig } from "./sequential.js";

const weightsOf = (given: Model) => given.getWeights().map(({ data }) => [...data]);
const x = [
  [
    [1, -2],
    [0.5, 3],
    [2, 1],
  ],
  [
    [0, 1],
    [1, 1],
    [-1, 0.25],
  ],
];

async function trainedReader() {
  const sequence = input({ shape: [3, 2] });
  const [o, h, c] = lstm(4, { returnState: true }).apply(sequence);
  const trained = model({ inputs: sequence, outputs: dense(1).apply(o!) }, { seed: 1 });
  trained.compile({ optimizer: "adam", loss: "meanSquaredError" });
  await trained.fit(x, [[1], [2]], { epochs: 2, verbose: 0, seed: 3 });
  return { trained, sequence, o: o!, h: h!, c: c! };
}

describe("a second model over the layers of a first", () => {
  it("has its weights: functional, trained before", async () => {
    const { trained, sequence, h, c } = await trainedReader();
    const states = model({ inputs: sequence, outputs: [h, c] }, { seed: 9 });
    expect(weightsOf(states)).toEqual(weightsOf(trained).slice(0, 3));
    const [after] = await states.predictAll(x);
    const w = weightsOf(trained);
    const said = await trained.predict(x);
    const byHand = [0, 1].map((row) =>
      w[3]!.reduce((sum, weight, i) => sum + weight * after!.data[4 * row + i]!, w[4]![0]!),
    );
    expect(byHand).toEqual([...said.data].map((value) => expect.closeTo(value, 5)));
  });

  it("has its weights: sequential, and training either changes both", async () => {
    const plain = sequential([simpleRNN(4, { inputShape: [3, 2] }), dense(1)], { seed: 1 });
    plain.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await plain.fit(x, [[1], [2]], { verbose: 0, seed: 1 });
    const first = sequential(plain.layers.slice(0, 1), { seed: 7 });
    const longer = sequential([...plain.layers, dense(2)], { seed: 8 });
    const before = weightsOf(plain);
    expect(weightsOf(first)).toEqual(before.slice(0, 3));
    expect(weightsOf(longer).slice(0, 5)).toEqual(before);
    longer.compile({ optimizer: "adam", loss: "meanSquaredError" });
    await longer.fit(
      x,
      [
        [1, 0],
        [2, 0],
      ],
      { verbose: 0, seed: 1 },
    );
    expect(weightsOf(longer).slice(0, 5)).not.toEqual(before);
    expect(weightsOf(plain)).toEqual(weightsOf(longer).slice(0, 5));
    const [hidden, all] = [await first.predict(x), await plain.predict(x)];
    const kernel = weightsOf(plain)[3]!;
    expect(all.data[0]).toBeCloseTo(
      kernel.reduce((sum, weight, i) => sum + weight * hidden.data[i]!, weightsOf(plain)[4]![0]!),
      5,
    );
    first.setWeights(
      before.slice(0, 3).map((data, i) => ({ data: Float32Array.from(data), shape: first.getWeights()[i]!.shape })),
    );
    expect(weightsOf(plain).slice(0, 3)).toEqual(before.slice(0, 3));
  });

  it("shares with any model that is built first, under any names", () => {
    const shared = dense(3);
    const late = sequential([shared, dense(2)]);
    const other = sequential([dense(2, { inputShape: [4] }), shared], { seed: 1 });
    expect(other.weightNames).toEqual(["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"]);
    expect(late.build([null, 2]).weightNames[0]).toBe("dense/kernel");
    expect(weightsOf(late).slice(0, 2)).toEqual(weightsOf(other).slice(2));
    const third = sequential([dense(2, { inputShape: [4] }), other.layers[1]!, late.layers[1]!]);
    expect(third.layers.map(({ name }) => name)).toEqual(["dense", "dense_1", "dense_2"]);
    expect(weightsOf(third).slice(2)).toEqual(weightsOf(late));
  });

  it("keeps a separate optimizer", async () => {
    const shared = dense(1, { inputShape: [2] });
    const [a, b] = [sequential([shared]), sequential([shared])];
    const alone = sequential([dense(1, { inputShape: [2] })]);
    alone.setWeights(a.getWeights());
    for (const each of [a, b, alone]) each.compile({ optimizer: "adam", loss: "meanSquaredError" });
    const step = (each: Model) =>
      each.trainOnBatch(
        [
          [1, 2],
          [3, 4],
        ],
        [[1], [2]],
        { seed: 1 },
      );
    await step(a);
    await step(alone);
    expect(weightsOf(b)).toEqual(weightsOf(alone));
    expect(b.optimizerState()).toBeUndefined();
    await step(b);
    expect([a, b].map((each) => each.optimizerState()!.iteration)).toEqual([1, 1]);
    await step(alone);
    // The same gradient, but without memory of earlier ones.
    expect(weightsOf(b)).not.toEqual(weightsOf(alone));
    b.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expect(a.optimizerState()!.iteration).toBe(1);
  });

  it("may join two that were trained apart, and all continue", async () => {
    const make = (seed: number, units: number) => {
      const made = sequential([dense(units, { inputShape: [2] }), dense(1)], { seed });
      return made.compile({ optimizer: "adam", loss: "meanSquaredError" });
    };
    const [data, y] = [
      [
        [1, 2],
        [3, 4],
      ],
      [[1], [2]],
    ];
    const run = async (join: boolean) => {
      const [a, b] = [make(1, 3), make(2, 4)];
      await a.fit(data, y, { epochs: 2, verbose: 0, seed: 1 });
      await b.fit(data, y, { epochs: 2, verbose: 0, seed: 2 });
      if (join) {
        const start = input({ shape: [2] });
        const both = concatenate().apply([a.layers[0]!.apply(start), b.layers[0]!.apply(start)]);
        const joined = model({ inputs: start, outputs: both });
        expect(joined.layers.map(({ name }) => name)).toEqual(["dense", "dense_1", "concatenate"]);
        const values = await joined.predict(data);
        const parts = [await sequential([a.layers[0]!]).predict(data), await sequential([b.layers[0]!]).predict(data)];
        expect([...values.data.slice(0, 7)]).toEqual([...parts[0]!.data.slice(0, 3), ...parts[1]!.data.slice(0, 4)]);
      }
      await a.fit(data, y, { epochs: 2, verbose: 0, seed: 3 });
      await b.fit(data, y, { epochs: 2, verbose: 0, seed: 4 });
      return [weightsOf(a), weightsOf(b), a.optimizerState(), b.optimizerState()];
    };
    expect(await run(true)).toEqual(await run(false));
  });

  it("refuses other shapes, and engines that differ", () => {
    const shared = dense(2, { inputShape: [3] });
    const first = sequential([shared], { engine: referenceEngine });
    expect(() => sequential([dense(4, { inputShape: [3] }), first.layers[0]!])).toThrow(ShapeError);
    expect(() => sequential([dense(4, { inputShape: [3] }), shared])).toThrow(
      /weight dense_1\/kernel is \[3, 2\] and would have to be \[4, 2\].*one set of weights/,
    );
    expect(weightsOf(sequential([shared]))).toEqual(weightsOf(first));
    const wasm = sequential([dense(3, { inputShape: [3] })]);
    expect(() => sequential([...wasm.layers, shared])).toThrow(StateError);
    expect(() => sequential([...wasm.layers], { engine: referenceEngine })).toThrow(/"reference" and "wasm"/);
  });

  it("may be of layers from files, whose names are free", () => {
    const [a, b] = [1, 2].map((seed) =>
      sequentialFromConfig(sequential([dense(3, { inputShape: [3] })], { seed }).toConfig(), { seed }),
    );
    const both = sequential([a!.layers[0]!, b!.layers[0]!]);
    expect(both.layers.map(({ name }) => name)).toEqual(["dense", "dense_1"]);
    expect(weightsOf(both)).toEqual([...weightsOf(a!), ...weightsOf(b!)]);
  });
});

describe("one layer at several places of a model", () => {
  const twice = (make: (layer: Layer) => Layer, layer: Layer, shape: (number | null)[] = [null, 3]) => {
    const start = input({ shape });
    return model({ inputs: start, outputs: [layer.apply(start), make(layer).apply(start)] }, { seed: 1 });
  };

  it("has its weights inside timeDistributed", async () => {
    const both = twice((layer) => timeDistributed(layer), dense(2));
    expect(both.weightNames).toEqual(["dense/kernel", "dense/bias"]);
    const [plain, wrapped] = await both.predictAll([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]);
    expect(wrapped!.data).toEqual(plain!.data);
    expect(both.summary({ print: false })).toMatch(/time_distributed[^\n]*8 │[\s\S]*Total params: 8 /);
  });

  it("has its weights inside bidirectional, which adds those of the way back", async () => {
    const both = twice((layer) => bidirectional(layer), gru(2));
    expect(both.weightNames.map((name) => name.split("/")[0])).toEqual([
      ...new Array(3).fill("gru"),
      ...new Array(3).fill("bidirectional"),
    ]);
    const [plain, wrapped] = await both.predictAll([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]);
    expect([...wrapped!.data.slice(0, 2)]).toEqual([...plain!.data]);
    const given = gru(2, { goBackwards: true });
    const three = twice((layer) => bidirectional(gru(2), { backwardLayer: layer }), given);
    expect(three.weightNames.length).toBe(6);
  });

  it("has its weights twice in a sequential model, as in Keras", async () => {
    const shared = dense(3, { inputShape: [3], activation: "tanh" });
    const chain = sequential([shared, shared], { seed: 1 });
    expect([chain.layers.length, chain.weightNames, chain.countParams()]).toEqual([
      2,
      ["dense/kernel", "dense/bias"],
      12,
    ]);
    expect(chain.summary({ print: false }).match(/dense \(Dense\)/g)).toHaveLength(2);
    const once = sequential([shared]);
    const [first] = [await once.predict([[1, 2, 3]])];
    expect(await chain.predict([[1, 2, 3]])).toEqual(await once.predict(first));
    expect(() => sequential([dense(3, { inputShape: [2] })]).add(once.layers[0]!)).not.toThrow();
    const unfit = dense(3, { inputShape: [2] });
    expect(() => sequential([unfit, unfit])).toThrow(/applied to inputs that need different weights/);
  });

  it("is trained by both places, and its penalty counts once", async () => {
    const layer = dense(2, {
      kernelRegularizer: l2({ l2: 1 }),
      biasConstraint: maxNorm({ maxValue: 0.01 }),
      kernelInitializer: "ones",
    });
    const both = twice((inner) => timeDistributed(inner), layer);
    both.compile({ optimizer: "sgd", loss: ["meanSquaredError", "meanSquaredError"] });
    const zeros = [[[0, 0, 0]]];
    const logs = await both.testOnBatch(zeros, [[[[0, 0]]], [[[0, 0]]]]);
    expect(logs.loss).toBeCloseTo(6, 5);
  });

  it("comes back from a config as one layer", () => {
    const layer = dense(3);
    const both = twice((inner) => timeDistributed(inner), layer);
    const again = functionalFromConfig(JSON.parse(JSON.stringify(both.toConfig())));
    expect(again.weightNames).toEqual(both.weightNames);
    expect(again.toConfig()).toEqual(both.toConfig());
    const start = input({ shape: [null, 3] });
    const inside = model({ inputs: start, outputs: dense(3).apply(timeDistributed(layer).apply(start)) });
    expect(JSON.stringify(inside.toConfig())).not.toContain("sharedId");
    const chain = sequential([timeDistributed(layer, { inputShape: [null, 3] }), layer, layer]);
    expect(modelFromConfig(chain.toConfig()).weightNames).toEqual(["time_distributed/kernel", "time_distributed/bias"]);
    const config = { type: "Dense", units: 3, sharedId: 0 };
    const wrong = { type: "Sequential", name: "s", layers: [config, { type: "GRU", units: 3, sharedId: 0 }] };
    expect(() => modelFromConfig(wrong)).toThrow(/a Dense and a GRU the same sharedId, /);
    expect(layerFromConfig(config).type).toBe("Dense");
  });

  it("has its weights in a part, which may be trained by itself", async () => {
    const { trained, sequence, o } = await trainedReader();
    const part = trained.part({ inputs: sequence, outputs: o });
    part.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const before = weightsOf(trained);
    await part.trainOnBatch(x, [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(weightsOf(part)).not.toEqual(before.slice(0, 3));
    expect(weightsOf(trained).slice(0, 3)).toEqual(weightsOf(part));
    expect(weightsOf(trained).slice(3)).toEqual(before.slice(3));
    expect(trained.optimizerState()!.iteration).toBe(2);
  });

  it("is one row of ids for every model that reads it", async () => {
    const words = embedding(5, 3, { inputShape: [null] });
    const [a, b] = [sequential([words, simpleRNN(2)]), sequential([words, lstm(2)])];
    a.compile({ optimizer: "adam", loss: "meanSquaredError" });
    await a.fit(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 1],
        [0, 0],
      ],
      { epochs: 2, verbose: 0 },
    );
    expect(weightsOf(b)[0]).toEqual(weightsOf(a)[0]);
  });
});
