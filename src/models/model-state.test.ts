/** State as a value: parts of a sequence, each continuing from the state of the one before, have the results of the whole. */
import { describe, expect, it } from "vitest";
import { expectClose, randomValues } from "../../tests/conformance/run-equations.js";
import { defineCell, gruCell, lstmCell } from "../cells/index.js";
import { referenceEngine, wasmEngine } from "../engines/index.js";
import { add, matmul, tanh, transpose } from "../equations/index.js";
import { ConfigError, DataError, ShapeError, StateError } from "../errors.js";
import type { ModelState } from "../execution/model-state.js";
import {
  bidirectional,
  dense,
  embedding,
  gru,
  input,
  type Layer,
  lstm,
  rnn,
  simpleRNN,
  timeDistributed,
} from "../layers/index.js";
import type { Tensor } from "../tensor/tensor.js";
import { model as functional } from "./functional.js";
import { sequential } from "./sequential.js";

const [B, T, F] = [3, 7, 2];
const x = { data: Float64Array.from(randomValues(B * T * F, 1)), shape: [B, T, F] };
const ids = { data: Int32Array.from({ length: B * T }, (_, i) => (i * 5 + 3) % 7), shape: [B, T] };

/** Steps first … first + count − 1. */
function part({ data, shape }: Tensor, first: number, count: number): Tensor {
  const width = data.length / (B * T);
  const rows = Array.from({ length: B }, (_, b) => [
    ...data.slice((b * T + first) * width, (b * T + first + count) * width),
  ]);
  return { data: Float64Array.from(rows.flat()), shape: [B, count, ...shape.slice(2)] };
}

const leaky = defineCell({
  name: "leaky",
  options: {},
  parameters: ({ features, units }) => ({
    kernel: { shape: [features, 2 * units], initializer: "glorotUniform" },
    mix: { shape: [units, 2 * units], initializer: "orthogonal" },
  }),
  state: ({ units }) => ({ slow: [units] }),
  step: ({ x, slow }, { kernel, mix }) => {
    const output = tanh(add(matmul(x, kernel), matmul(slow, mix)));
    return { output, slow: add(slow, matmul(output, transpose(mix))) };
  },
});

const steps = { returnSequences: true } as const;
const cases: [string, () => Layer[], Tensor, string[]][] = [
  ["simpleRNN", () => [simpleRNN(4, steps)], x, ["simple_rnn/h"]],
  ["lstm", () => [lstm(4, steps)], x, ["lstm/h", "lstm/c"]],
  ["gru", () => [gru(4, steps)], x, ["gru/h"]],
  ["gru without resetAfter", () => [gru(4, { ...steps, resetAfter: false })], x, ["gru/h"]],
  ["an initial state that is not zero", () => [lstm(4, { ...steps, initialState: "random" })], x, ["lstm/h", "lstm/c"]],
  ["a cell whose output is no state", () => [rnn(leaky, 3, steps)], x, ["rnn/slow"]],
  ["stacked cells", () => [rnn([lstmCell, gruCell], [4, 3], steps)], x, ["rnn/h1", "rnn/c1", "rnn/h2"]],
  ["stacked layers", () => [gru(5, steps), lstm(4, { ...steps, name: "top" })], x, ["gru/h", "top/h", "top/c"]],
  ["padding within", () => [embedding(7, 3, { maskZero: true }), lstm(4, steps)], ids, ["lstm/h", "lstm/c"]],
];

describe.each([
  ["float64", referenceEngine, 1e-14],
  ["float32", wasmEngine, 2e-6],
] as const)("in %s", (_, engine, tolerance) => {
  it.each(cases)("%s: one step at a time is the whole sequence", async (_, layers, data, names) => {
    const model = sequential([...layers(), dense(2)], { engine, seed: 3 }).build([null, null, ...data.shape.slice(2)]);
    const whole = await model.run(data);
    expectClose((await model.predict(data)).data, whole.output.data, tolerance);
    expect(Object.keys(whole.state)).toEqual(names);
    for (const [size, through] of [
      [1, (state: ModelState) => state],
      [3, (state: ModelState): ModelState => JSON.parse(JSON.stringify(state))],
    ] as const) {
      let state: ModelState | undefined;
      for (let first = 0; first < T; first += size) {
        const count = Math.min(size, T - first);
        const result = await model.run(part(data, first, count), { state: state && through(state) });
        expectClose(result.output.data, part(whole.output, first, count).data, tolerance);
        state = result.state;
      }
      for (const name of names) expectClose(state![name]!.data, whole.state[name]!.data, tolerance, name);
    }
  });

  it.each(cases)("%s: a stream gives the same, and its state goes in and out", async (_, layers, data) => {
    const model = sequential([...layers(), dense(2)], { engine, seed: 3 }).build([null, null, ...data.shape.slice(2)]);
    const whole = await model.run(data);
    const [stream, other] = [await model.stream({ batch: B }), await model.stream({ batch: B })];
    expect(stream.state).toBeUndefined();
    for (let round = 0; round < 2; round++) {
      for (let t = 0; t < T; t++) {
        // Another stream or a run in between does not change this one.
        other.step(part(data, T - 1 - t, 1).data);
        await model.run(part(data, 0, 2));
        const output = stream.step(part(data, t, 1).data);
        expectClose(output, part(whole.output, t, 1).data, tolerance);
      }
      for (const [name, { data: kept }] of Object.entries(whole.state))
        expectClose(stream.state![name]!.data, kept, tolerance);
      stream.state = undefined;
    }
    const before = (await model.run(part(data, 0, 4))).state;
    stream.state = before;
    const into = new Float64Array(part(whole.output, 4, 1).data.length);
    expect(stream.step(part(data, 4, 1).data, into)).toBe(into);
    expectClose(into, part(whole.output, 4, 1).data, tolerance);
    expect(() => stream.step(part(data, 4, 1).data, new Float32Array(1))).toThrow("has room for 1");
    stream.state = before;
    expectClose(stream.step(part(data, 4, 1).data), part(whole.output, 4, 1).data, tolerance);
  });
});

describe("a state that does not fit", () => {
  const model = sequential([lstm(4, steps), dense(1)], { engine: referenceEngine, seed: 1 }).build([null, null, F]);
  const good = async () => (await model.run(x)).state;
  const run = async (change: (state: ModelState) => object) =>
    model.run(x, { state: change(await good()) as ModelState });

  it("is refused with a hint", async () => {
    const h = { data: new Array(12).fill(0), shape: [3, 4] };
    await expect(run(() => ({ "lstm/h": h }))).rejects.toThrow(StateError);
    await expect(run(() => ({ "lstm/h": h }))).rejects.toThrow(
      '"lstm/c" is missing. The model\'s states are lstm/h, lstm/c',
    );
    await expect(run((state) => ({ ...state, "gru/h": h }))).rejects.toThrow('"gru/h" is unknown');
    const oneRow = { data: [0, 0, 0, 0], shape: [1, 4] };
    await expect(run((state) => ({ ...state, "lstm/c": oneRow }))).rejects.toThrow(ShapeError);
    await expect(run((state) => ({ ...state, "lstm/c": oneRow }))).rejects.toThrow(
      '"lstm/c" is of 1 sequence, but x has 3. Each row of x continues from its own row of the state; a state is never shared among rows.',
    );
    const wide = { data: new Array(15).fill(0), shape: [3, 5] };
    await expect(run((state) => ({ ...state, "lstm/c": wide }))).rejects.toThrow(
      "must be [3, 4], received [3, 5] with 15 numbers",
    );
    await expect(run((state) => ({ ...state, "lstm/c": { ...h, data: [1, 2] } }))).rejects.toThrow("with 2 numbers");
    const lost = { ...h, data: h.data.map((value, i) => (i === 5 ? Number.NaN : value)) };
    await expect(run((state) => ({ ...state, "lstm/c": lost }))).rejects.toThrow(DataError);
  });

  it("is refused by a stream, too, as are steps of another size", async () => {
    const stream = await model.stream({ batch: 2 });
    const state = await good();
    expect(() => {
      stream.state = state;
    }).toThrow(ShapeError);
    expect(() => stream.step([1, 2, 3])).toThrow("a step has 4 numbers, all sequences together; received 3");
  });
});

describe("a step that is not a number", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("such as %d is refused before it reaches the state", async (bad) => {
    const model = sequential([gru(3, { inputShape: [null, 2] })], { seed: 1 });
    const [stream, other] = [await model.stream(), await model.stream()];
    stream.step([0.5, -1]);
    other.step([0.5, -1]);
    expect(() => stream.step([1, bad])).toThrow(DataError);
    expect(() => stream.step([1, bad])).toThrow(`stream: the value at [1] is ${bad}`);
    expect(stream.step([1, 2])).toEqual(other.step([1, 2]));
  });
});

describe("a state that cannot be carried", () => {
  it("is refused with the reason", async () => {
    for (const layer of [bidirectional(gru(3, steps)), gru(3, { ...steps, goBackwards: true })]) {
      const model = sequential([layer, dense(1)], { engine: referenceEngine }).build([null, null, F]);
      await expect(model.run(x)).rejects.toThrow(ConfigError);
      await expect(model.stream()).rejects.toThrow(
        "reads from the end, so its state after one part of a sequence is not the state before the next",
      );
      expect((await model.predict(x)).shape).toEqual([B, T, 1]);
    }
  });

  it("a stream needs a free length, one input, and ids that the model knows", async () => {
    const fixed = sequential([lstm(4, { ...steps, inputShape: [5, F] })], { engine: referenceEngine });
    await expect(fixed.stream()).rejects.toThrow(ShapeError);
    const [a, b] = [input({ shape: [null, 2] }), input({ shape: [null, 2] })];
    const two = functional(
      { inputs: [a, b], outputs: [lstm(2).apply(a), gru(2).apply(b)] },
      { engine: referenceEngine },
    );
    await expect(two.stream()).rejects.toThrow("several inputs; use run");
    const known = sequential([embedding(5, 2), gru(2)], { engine: referenceEngine }).build([null, null]);
    const stream = await known.stream();
    expect(() => stream.step([5])).toThrow(DataError);
    const shared = gru(2, steps);
    const twice = functional({ inputs: a, outputs: shared.apply(shared.apply(a)) }, { engine: referenceEngine });
    await expect(twice.run(x)).rejects.toThrow("is used twice in the model");
  });

  it("several inputs continue together; a state that is an input of the model belongs to the user", async () => {
    const [a, b] = [input({ shape: [null, 2], name: "a" }), input({ shape: [4], name: "b" })];
    const [sequence, last] = gru(4, { ...steps, returnState: true }).apply([a, b]);
    const top = simpleRNN(3, steps).apply(sequence!);
    const two = functional({ inputs: [a, b], outputs: [top, last!] }, { engine: referenceEngine, seed: 1 });
    const zero = { data: new Float64Array(B * 4), shape: [B, 4] };
    const whole = await two.run({ a: x, b: zero });
    expect(Object.keys(whole.state)).toEqual(["simple_rnn/h"]);
    const first = await two.run({ a: part(x, 0, 3), b: zero });
    const second = await two.run({ a: part(x, 3, 4), b: first.outputs[1]! }, { state: first.state });
    expectClose(second.output.data, part(whole.output, 3, 4).data, 1e-14);
  });

  it("a recurrent layer within one step has no state between steps", async () => {
    const inner = timeDistributed(gru(2));
    const model = sequential([inner, simpleRNN(2)], { engine: referenceEngine }).build([null, null, 3, F]);
    const data = { data: Float64Array.from(randomValues(2 * 4 * 3 * F, 1)), shape: [2, 4, 3, F] };
    expect(Object.keys((await model.run(data)).state)).toEqual(["simple_rnn/h"]);
  });
});
