/**
 * Everything that takes data, given every kind of value: it takes the value, or names its kind and place in an error of our own. One
 * mechanism reads them all (src/tensor/read-nested.ts), so the messages are alike.
 */
import { describe, expect, it } from "vitest";
import { TavaliError } from "../../src/errors.js";
import { decoder } from "../../src/generation/index.js";
import { inspect } from "../../src/inspection/index.js";
import { concatenate, dense, embedding, gru, input, lstm, simpleRNN } from "../../src/layers/index.js";
import { ctcDecode } from "../../src/losses/index.js";
import { classificationReport, confusionMatrix } from "../../src/metrics/index.js";
import { model, sequential } from "../../src/models/index.js";
import { tensor, toTensor } from "../../src/tensor/tensor.js";
import { padSequences, toCategorical } from "../../src/text/index.js";

const kinds: Readonly<Record<string, () => unknown>> = {
  null: () => null,
  "a string": () => "abc",
  "a number": () => 3,
  "a BigInt": () => 3n,
  true: () => true,
  "an empty list": () => [],
  "a list of an empty list": () => [[]],
  "a list of numbers": () => [1, 2, 3],
  "a generator": () => [1].values(),
  "an async generator": () => (async function* () {})(),
  "a function": () => () => 1,
  "a Promise": () => Promise.resolve([[1]]),
  "a Map": () => new Map([[1, 2]]),
  "a Set": () => new Set([1]),
  "an ArrayBuffer": () => new ArrayBuffer(8),
  "a DataView": () => new DataView(new ArrayBuffer(8)),
  "a Date": () => new Date(0),
  "a symbol": () => Symbol("a"),
  "an object": () => ({}),
  "something like a list": () => ({ length: 1, 0: 1 }),
  "no prototype": () => Object.create(null),
  "a model": () => sequential([dense(1)]),
  "a layer": () => dense(1),
  "a symbolic tensor": () => input({ shape: [2] }),
  "a list of null": () => [null],
  "a list of strings": () => ["a"],
  "a list of a generator": () => [[1].values()],
  "a list of a Promise": () => [Promise.resolve(1)],
  "lists of unequal length": () => [
    [[1, 2]],
    [
      [1, 2],
      [3, 4],
    ],
  ],
  "lists and numbers": () => [[[1, 2]], 3],
  "typed BigInts": () => BigInt64Array.of(1n, 2n),
  "large BigInts": () => [[[2n ** 60n, 1]]],
  NaN: () => [[[Number.NaN, 1]]],
  "a tensor of JSON": () => JSON.parse(JSON.stringify({ data: Float32Array.of(1), shape: [1] })),
  "a tensor of a wrong shape": () => ({ data: Float32Array.of(1, 2), shape: [1, 1, 3] }),
  "a tensor without a shape": () => ({ data: Float32Array.of(1, 2), shape: "a" }),
  "an instance of a class": () => new (class Own {})(),
  "a string object": () => new String("a"),
};
/** What no call can take for anything, and how it must be called. */
const strange = [
  "a generator",
  "an async generator",
  "a function",
  "a Promise",
  "a Map",
  "a Set",
  "a model",
  "a layer",
  "a symbolic tensor",
];

const compiled = () => {
  const net = sequential([simpleRNN(3, { inputShape: [null, 2] }), dense(1)], { seed: 1 });
  return net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
};
const unbuilt = sequential([simpleRNN(3), dense(1)], { seed: 1 });
const trained = compiled();
const ids = sequential([embedding(6, 3), gru(3), dense(1)], { seed: 1 });
const [a, b] = [input({ shape: [null, 2], name: "a" }), input({ shape: [null, 2], name: "b" })];
const two = model({ inputs: [a, b], outputs: dense(1).apply(concatenate().apply([gru(2).apply(a), gru(2).apply(b)])) });
const x = [[[1, 2]]];

const translator = (() => {
  const [source, target] = [input({ shape: [null], name: "source" }), input({ shape: [null], name: "target" })];
  const [, h, c] = lstm(3, { returnState: true }).apply(embedding(6, 2).apply(source));
  const [steps] = lstm(3, { returnSequences: true, returnState: true }).apply([embedding(6, 2).apply(target), h!, c!]);
  return model({ inputs: [source, target], outputs: dense(6, { activation: "softmax" }).apply(steps!) }, { seed: 1 });
})();

// biome-ignore lint/suspicious/noExplicitAny: values of kinds that the types do not allow are what is tested
const calls: Readonly<Record<string, (value: any) => unknown>> = {
  predict: (value) => trained.predict(value),
  "predict of a model that is not built": (value) => unbuilt.predict(value),
  "predict of ids": (value) => ids.predict(value),
  "predict of two inputs": (value) => two.predict(value),
  "predict of a list of inputs": (value) => two.predict([value, value]),
  "predict of inputs by name": (value) => two.predict({ a: value, b: value }),
  "predict with a mask": (value) => trained.predict({ ...tensor(x), mask: value } as never),
  "fit, y": (value) => trained.fit(x, value, { verbose: 0 }),
  "fit, sampleWeight": (value) => trained.fit(x, [[1]], { verbose: 0, sampleWeight: value }),
  "fit, validationData": (value) => trained.fit(x, [[1]], { verbose: 0, validationData: value }),
  "fit, x of validationData": (value) => trained.fit(x, [[1]], { verbose: 0, validationData: [value, [[1]]] }),
  "fit, y of validationData": (value) => trained.fit(x, [[1]], { verbose: 0, validationData: [x, value] }),
  evaluate: (value) => trained.evaluate(value, [[1]]),
  inspect: (value) => inspect(trained, value, [[1]]),
  "run, state": (value) => trained.run(x, { state: value }),
  "run, a state": (value) => trained.run(x, { state: { "simple_rnn/h": value } }),
  "stream.step": async (value) => (await trained.stream()).step(value),
  setWeights: (value) => compiled().setWeights(value),
  "setWeights, a weight": (value) => compiled().setWeights([value, value, value, value, value]),
  initialState: (value) => gru(2, { initialState: value }),
  decode: (value) => decoder(translator, { target: "target" }).decode(value, { start: 1, end: 2, maxLength: 3 }),
  tensor: (value) => tensor(value),
  toTensor: (value) => toTensor(value),
  padSequences: (value) => padSequences(value),
  "padSequences, a sequence": (value) => padSequences([value]),
  "padSequences, an item": (value) => padSequences([[value]], { dtype: "float32" }),
  toCategorical: (value) => toCategorical(value),
  "confusionMatrix, yTrue": (value) => confusionMatrix(value, [0, 1]),
  "confusionMatrix, yPred": (value) => confusionMatrix([0, 1], value),
  "classificationReport, matrix": (value) => classificationReport(value),
  "classificationReport, names": (value) => classificationReport([[1]], value),
  ctcDecode: (value) => ctcDecode(value),
};

/** Calls that take data in pieces, and what gives it. */
const pieces = /^(predict|evaluate|fit)\b(?! of a list| of inputs by name)/;
const giving = ["a generator", "an async generator", "a function", "a Set"];

describe.each(Object.entries(calls))("%s", (name, call) => {
  const refused = strange.filter((kind) => !(pieces.test(name) && giving.includes(kind)));
  it("takes a value, or says in an error of its own what it is", async () => {
    for (const [kind, make] of Object.entries(kinds)) {
      const error = await Promise.resolve()
        .then(() => call(make()))
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      if (error === undefined) {
        expect(refused, `${name} took ${kind}`).not.toContain(kind);
        continue;
      }
      expect(error, `${kind}: ${String((error as Error).stack)}`).toBeInstanceOf(TavaliError);
      const { message } = error as Error;
      expect(message).not.toMatch(/rectangular|undefined|\[object|NaN axes/);
      if (refused.includes(kind)) expect(message, kind).toContain(kind);
    }
  });
});

describe("what is meant is taken", () => {
  it("as x: lists of typed arrays, booleans, BigInts, tensors", async () => {
    const expected = await trained.predict([[[1, 0]]]);
    const given = [
      [[Float32Array.of(1, 0)]],
      [[[true, false]]],
      [[[1n, 0n]]],
      [tensor([[1, 0]])],
      { input_layer: [[[1, 0]]] },
      { data: [1, 0], shape: [1, 1, 2] },
    ];
    for (const one of given.filter((_, i) => i !== 3)) expect(await trained.predict(one as never)).toEqual(expected);
    expect(await trained.predict([tensor([[[1, 0]]])])).toEqual(expected);
    const both = await trained.predict([tensor([[1, 0]]), tensor([[1, 0]])]);
    // Products of two rows may add up in another order.
    for (const row of [0, 1]) expect(both.data[row]).toBeCloseTo(expected.data[0]!, 6);
  });

  it("as rows: one typed array in a list is a row, as two are", async () => {
    const net = sequential([dense(1)], { seed: 1 });
    const one = await net.predict([Float32Array.of(1, 2, 3)]);
    const more = await net.predict([Float32Array.of(1, 2, 3), Float32Array.of(1, 2, 3)]);
    expect([one.shape, more.shape]).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(more.data[0]).toBeCloseTo(one.data[0]!, 6);
  });

  it("as y and weights: one typed array in a list is all of them", async () => {
    const net = sequential([dense(1, { inputShape: [2] })], { seed: 1 });
    net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    const expected = await net.evaluate(rows, [1, 2, 3], { sampleWeight: [1, 0, 1] });
    expect(await net.evaluate(rows, [Float32Array.of(1, 2, 3)], { sampleWeight: [Float32Array.of(1, 0, 1)] })).toEqual(
      expected,
    );
    expect(await net.evaluate(rows, [1n, 2n, 3n] as never, { sampleWeight: [true, false, true] as never })).toEqual(
      expected,
    );
  });

  it("as masks and labels: booleans", async () => {
    const masked = (mask: unknown) =>
      trained.predict({
        ...tensor([
          [
            [1, 2],
            [3, 4],
          ],
        ]),
        mask,
      } as never);
    expect(await masked([[true, false]])).toEqual(await masked([[1, 0]]));
    expect(toCategorical([true, false] as never)).toEqual(toCategorical([1, 0]));
    expect(confusionMatrix([true, false] as never, [1, 0])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(padSequences([[true, 2n]] as never).data).toEqual(Int32Array.of(1, 2));
  });
});

describe("axes that are missing are named", () => {
  it.each<[string, unknown, RegExp]>([
    [
      "an example without its list",
      [
        [1, 2],
        [3, 4],
      ],
      /One axis is missing: if x is one example, wrap it in a list: \[x\]\./,
    ],
    [
      "numbers without features",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      /received \[2, 3\]\. One axis is missing: expected \[null, null, 2\]/,
    ],
    ["a list of numbers", [1, 2, 3], /There are 2 axes missing: \[\[\[1\], \[2\]\]\] is one sequence of two steps\./],
    ["an axis too many", [[[[1, 2]]]], /There is one axis too many; reshape the data to \[null, null, 2\]\./],
    ["another number of features", [[[1, 2, 3]]], /Axis 2 must have size 2; reshape or pad the data\./],
  ])("of a model that is built: %s", async (_, value, message) => {
    await expect(trained.predict(value as never)).rejects.toThrow(message);
  });

  it("of a model that data build", async () => {
    const fresh = () => sequential([gru(3), dense(1)], { seed: 1 });
    await expect(fresh().predict([[1, 2, 3]])).rejects.toThrow("Data needs an axis of steps and one of features");
    await expect(fresh().predict([1, 2])).rejects.toThrow("Each example must be a sequence");
    await expect(fresh().predict([])).rejects.toThrow("x: there are no examples.");
    const over = sequential([embedding(6, 3), gru(3), dense(1)], { seed: 1 });
    await expect(over.predict([1, 2, 3])).rejects.toThrow(
      'GRU "gru" expects [batch, time, features], received [null, 3]. Ids must be [batch, time]: wrap one sequence of ids in a list.',
    );
  });
});

describe("ids", () => {
  it.each<[string, unknown, string]>([
    ["fractions", [[1, 1.5]], "x: the value 1.5 at [0, 1] is not an id; expected whole numbers from 0 to 5."],
    [
      "negative numbers",
      [
        [1, 2],
        [-1, 0],
      ],
      "x: the value -1 at [1, 0] is not an id;",
    ],
    ["numbers too large", [[1, 6]], "x: the value 6 at [0, 1] is not an id;"],
    ["NaN", [[Number.NaN, 1]], "x: the value NaN at [0, 0] is not an id;"],
    ["2³¹", [[1, 2 ** 31]], "x: the value 2147483648 at [0, 1] is not an id;"],
  ])("that are %s are named with their place", async (_, value, message) => {
    await expect(ids.predict(value as never)).rejects.toThrow(message);
  });

  it("may be BigInts and any typed array", async () => {
    const expected = await ids.predict([[1, 2]]);
    expect(await ids.predict([[1n, 2n]] as never)).toEqual(expected);
    expect(await ids.predict([Uint8Array.of(1, 2)])).toEqual(expected);
    expect(await ids.predict([BigInt64Array.of(1n, 2n)] as never)).toEqual(expected);
  });
});
