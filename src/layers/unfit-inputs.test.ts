import { describe, expect, it } from "vitest";
import { defineCell } from "../cells/index.js";
import { matmul, reshape, slice, add as sum, tanh } from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import { model, sequential } from "../models/index.js";
import {
  add,
  attention,
  bidirectional,
  concatenate,
  conv1D,
  crf,
  dense,
  embedding,
  flatten,
  globalMaxPooling1D,
  gru,
  input,
  type Layer,
  lstm,
  multiply,
  repeatVector,
  rnn,
  simpleRNN,
  subtract,
  timeDistributed,
} from "./index.js";

const sequence = () => input({ shape: [null, 3] });
const readers: (() => Layer)[] = [
  () => simpleRNN(2),
  () => bidirectional(gru(2)),
  () => globalMaxPooling1D(),
  () => crf(2),
  () => conv1D(2, 2),
  () => timeDistributed(dense(2)),
];

describe("a layer that reads sequences, given something else", () => {
  it.each(readers)("has a hint about the data where it is the first layer (%#)", (make) => {
    for (const shape of [[], [3], [null]]) {
      expect(() => make().apply(input({ shape }))).toThrow(ShapeError);
      expect(() => make().apply(input({ shape }))).not.toThrow(/returnSequences|before it/);
    }
    expect(() => make().apply(input({ shape: [3] }))).toThrow(/an axis of steps and one of features/);
    expect(() => make().apply(input({ shape: [] }))).toThrow(/must be a sequence/);
  });

  it.each(readers)("names the recurrent layer before it that returns only its last output (%#)", (make) => {
    const last = lstm(2, { name: "reader" }).apply(sequence());
    expect(() => make().apply(last)).toThrow('received [null, 2]. Set returnSequences: true on LSTM "reader".');
    const both = bidirectional(gru(2)).apply(sequence());
    expect(() => make().apply(both)).toThrow("Set returnSequences: true on Bidirectional.");
  });

  it("names that layer for attention, too", () => {
    const last = gru(2, { name: "reader" }).apply(sequence());
    expect(() => attention().apply([last, last])).toThrow(
      'Attention expects [batch, time, features], received [null, 2]. Set returnSequences: true on GRU "reader".',
    );
  });

  it("names another layer without a time axis in its output", () => {
    const flat = flatten().apply(input({ shape: [4, 3] }));
    expect(() => simpleRNN(2).apply(flat)).toThrow(
      "Flatten before it has no time axis in its output. Remove it, or repeat",
    );
    expect(() => repeatVector(2).apply(gru(2, { returnSequences: true }).apply(sequence()))).toThrow(
      "RepeatVector expects [batch, features], received [null, null, 2]. Set returnSequences: false on GRU.",
    );
    expect(() => repeatVector(2).apply(sequence())).not.toThrow(/returnSequences/);
  });
});

describe("inputs are checked by apply", () => {
  it("their number", () => {
    expect(() => dense(2).apply([sequence(), sequence()])).toThrow("Dense takes one input, received 2.");
    expect(() => embedding(3, 2).apply([sequence(), sequence()])).toThrow(ConfigError);
    expect(() => lstm(2).apply([sequence(), input({ shape: [2] })])).toThrow(
      "LSTM has the states h, c; expected one initial state for each, received 1.",
    );
    expect(() => bidirectional(gru(2)).apply([sequence(), input({ shape: [2] })])).toThrow("received 1.");
    expect(() => attention().apply(sequence())).toThrow("received [null, null, 3].");
    expect(() => subtract().apply(sequence())).toThrow("Subtract expects two inputs, received 1.");
  });

  it("initial states, batch-first", () => {
    const states = input({ shape: [16, 48] });
    expect(() => gru(48).apply([sequence(), states])).toThrow(
      "GRU expects the initial state h as [null, 48], received [null, 16, 48]. This is a sequence",
    );
    expect(() => gru(4).apply([sequence(), gru(4, { returnSequences: true }).apply(sequence())])).toThrow(
      "received [null, null, 4].",
    );
    expect(() => gru(4).apply([sequence(), input({ shape: [5] })])).toThrow(
      "received [null, 5]. Give the last state of a layer with as many units, or put dense(4) between.",
    );
    expect(() => bidirectional(gru(4)).apply([sequence(), input({ shape: [4] }), input({ shape: [5] })])).toThrow(
      "Bidirectional expects the initial state backward_h as [null, 4], received [null, 5].",
    );
  });
});

describe("sizes that only data show", () => {
  const of = (layer: Layer) => {
    const [a, b] = [input({ shape: [null, 2], name: "a" }), input({ shape: [null, 2], name: "b" })];
    return model({ inputs: [a, b], outputs: layer.apply([a, b]) });
  };
  const lengths = (a: number, b: number) => [a, b].map((steps) => [new Array(steps).fill([1, 2])]);

  it.each([add, multiply, subtract])("are named by a layer that merges (%#)", async (make) => {
    const received = of(make({ name: "both" })).predict(lengths(5, 7));
    await expect(received).rejects.toThrow(ShapeError);
    await expect(of(make({ name: "both" })).predict(lengths(5, 7))).rejects.toThrow(
      '"both" expects inputs of one shape, except for axes of size 1, received [null, 5, 2], [null, 7, 2]. Their numbers of steps (axis 1) differ',
    );
    const empty = { data: new Float32Array(0), shape: [1, 0, 2] };
    await expect(of(make()).predict([lengths(5, 7)[0]!, empty])).rejects.toThrow(
      /"(add|multiply|subtract)" expects inputs of one shape/,
    );
  });

  it("are named by concatenate, and by windows that do not fit in", async () => {
    await expect(of(concatenate()).predict(lengths(2, 3))).rejects.toThrow(
      'Concatenate "concatenate" along axis 2 expects inputs that agree in every other axis, received [null, 2, 2], [null, 3, 2].',
    );
    const x = sequence();
    const windows = model({ inputs: x, outputs: conv1D(2, 3).apply(x) });
    await expect(windows.predict([[[1, 2, 3]]])).rejects.toThrow(
      'Conv1D "conv1d" expects at least 3 along axis 1, received [null, 1, 3].',
    );
  });
});

describe("a custom cell", () => {
  const cell = defineCell({
    name: "halves",
    parameters: ({ features, units }) => ({
      kernel: { shape: [features / 2, units], initializer: "glorotUniform" },
    }),
    state: ({ units, features }) => ({ h: [units], before: [features] }),
    step: ({ x, h, before }, { kernel }) => {
      const [rows, features] = x.shape as [number, number];
      const pairs = reshape(x, [rows, features / 2, 2]);
      const first = reshape(slice(pairs, 2, 0, 1), [rows, features / 2]);
      const next = tanh(sum(matmul(first, kernel), h));
      return { output: next, h: next, before: sum(x, before) };
    },
  });

  it("may slice and reshape its input, and have a state of the same length", async () => {
    const x = input({ shape: [null, 4] });
    const [, , kept] = rnn(cell, 3, { returnState: true }).apply(x);
    expect(kept!.shape).toEqual([null, 4]);
    const sums = model({ inputs: x, outputs: kept! });
    expect([
      ...(
        await sums.predict([
          [
            [1, 2, 3, 4],
            [5, 6, 7, 8],
          ],
        ])
      ).data,
    ]).toEqual([6, 8, 10, 12]);
    const { output, state } = await model({ inputs: x, outputs: rnn(cell, 3).apply(x) }).run([[[1, 2, 3, 4]]]);
    expect([output.shape, state["rnn/before"]!.shape]).toEqual([
      [1, 3],
      [1, 4],
    ]);
  });

  it("with equations that do not fit throws when the input is known", () => {
    expect(() => rnn(cell, 3).apply(input({ shape: [null, 3] }))).toThrow(ShapeError);
  });
});

describe("a value that is not a layer, input or model", () => {
  // biome-ignore lint/suspicious/noExplicitAny: what plain JavaScript may pass
  const any = (value: unknown): any => value;
  const x = sequence();
  const y = dense(2).apply(x);
  it.each<[() => unknown, RegExp]>([
    [() => any(sequential)(dense(2)), /^sequential: layers must be a list of layers/],
    [() => sequential(any([undefined])), /^sequential: expected a layer, such as dense\(2\), received undefined\./],
    [() => sequential([any(dense)]), /received the function dense\. Call it to make a layer/],
    [() => sequential([any(y)]), /That is the result of applying a layer/],
    [() => bidirectional(any(sequential([dense(2)]))), /received a Sequential\. A model does not go here/],
    [() => sequential().add(any(null)), /received null/],
    [() => any(sequential([dense(2)])).build(), /^build: inputShape must be a list of sizes/],
    [() => sequential([dense(2)]).build([null, 1.5]), /^build: inputShape must be a list of sizes/],
    [() => any(input)(), /^input: /],
    [() => input({ shape: any(3) }), /^input: shape must be a list of positive integers/],
    [() => input({ shape: [1], name: any(3) }), /^input: name must be a text/],
    [() => any(timeDistributed)(), /^TimeDistributed: expected a layer/],
    [() => any(bidirectional)(), /^Bidirectional: layer: expected a layer/],
    [() => any(rnn)(), /^RNN: cell must be a cell, such as lstmCell/],
    [() => model(any({ inputs: [], outputs: y })), /^functional: inputs must be a result of input\(…\).*received none/],
    [
      () => any(model)(x, y),
      /^functional: options are an object such as \{ inputs: …, outputs: … \}, received a symbolic tensor/,
    ],
    [() => any(input)([3]), /^input: options are an object such as \{ shape: …, name: … \}, received \[3\]/],
    [() => any(sequential)(dense(1), dense(2)), /^sequential: layers must be a list of layers: sequential\(\[dense/],
    [() => any(model)(), /^functional: options are an object such as \{ inputs: …, outputs: … \}/],
    [() => model({ inputs: x, outputs: any([y, undefined]) }), /^functional: outputs must be.*received undefined/],
    [() => any(model({ inputs: x, outputs: y })).part(), /^part: options are an object/],
    [() => dense(2).apply(any(dense(3))), /the input is the layer Dense\. Apply that layer first/],
    [() => dense(2).apply(any([[1, 2]])), /the input is \[1, 2\]\. Data is given to the model/],
    [() => dense(2).apply(any(undefined)), /the input is undefined\. If it was taken/],
    [() => Object.assign(dense(2), { trainable: any(0) }), /^Dense: trainable must be true or false, received 0/],
    [() => Object.assign(sequential(), { trainable: any("no") }), /trainable must be true or false, received "no"/],
  ])("is named (%#)", (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
