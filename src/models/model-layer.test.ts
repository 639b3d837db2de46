/** Models inside models: the same weights, the same numbers as the layers one by one, files, summaries. */
import { describe, expect, it } from "vitest";
import { modelFromBytes, modelToBytes } from "../formats/index.js";
import { concatenate, dense, dropout, embedding, input, lstm, timeDistributed } from "../layers/index.js";
import { tensor } from "../tensor/tensor.js";
import { cloneModel, functional, sequential } from "./index.js";

const quiet = { verbose: 0, seed: 3 } as const;
const x = tensor(
  Float32Array.from({ length: 6 * 5 * 3 }, (_, i) => Math.sin(i)),
  [6, 5, 3],
);
const y = tensor(
  Float32Array.from({ length: 6 }, (_, i) => i / 6),
  [6, 1],
);
const encoder = () =>
  sequential([lstm(4, { inputShape: [null, 3] }), dropout(0.3), dense(2)], { seed: 1, name: "encoder" });
const compiled = { optimizer: "adam", loss: "meanSquaredError" } as const;

describe("a model as a layer", () => {
  it("computes and trains as its layers do one by one, dropout included", async () => {
    const [inner, flat] = [encoder(), encoder()];
    const nested = sequential([inner, dense(1)], { seed: 2 });
    const plain = sequential([...flat.layers, dense(1)], { seed: 2 });
    plain.setWeights(nested.getWeights());
    expect((await nested.predict(x)).data).toEqual((await plain.predict(x)).data);
    await nested.compile(compiled).fit(x, y, { ...quiet, epochs: 3 });
    await plain.compile(compiled).fit(x, y, { ...quiet, epochs: 3 });
    expect(nested.getWeights()).toEqual(plain.getWeights());
    // The inner model has the weights that were trained.
    expect(inner.getWeights()).toEqual(nested.getWeights().slice(0, 5));
    expect(nested.weightNames.slice(0, 2)).toEqual(["encoder/lstm/kernel", "encoder/lstm/recurrent_kernel"]);
  });

  it("has one set of weights at every place, and can be frozen", async () => {
    const shared = encoder();
    const [a, b] = [input({ shape: [5, 3], name: "a" }), input({ shape: [5, 3], name: "b" })];
    const joined = concatenate().apply([shared.apply(a), shared.apply(b)]);
    const twins = functional({ inputs: { a, b }, outputs: dense(1).apply(joined) }, { seed: 4 });
    expect(twins.countParams()).toBe(shared.countParams() + 5);
    expect(twins.getLayer("encoder").type).toBe("Sequential");
    const before = shared.getWeights();
    shared.trainable = false;
    await twins.compile(compiled).fit({ a: x, b: x }, y, quiet);
    expect(shared.getWeights()).toEqual(before);
    shared.trainable = true;
    await twins.compile(compiled).fit({ a: x, b: x }, y, quiet);
    expect(shared.getWeights()).not.toEqual(before);
  });

  it("passes masks through, and reads ids", async () => {
    const words = sequential([embedding(9, 3, { maskZero: true })], { name: "words" });
    const nested = sequential([words, lstm(4)], { seed: 1 });
    const short = tensor(Int32Array.of(1, 2, 3), [1, 3]);
    const padded = tensor(Int32Array.of(1, 2, 3, 0, 0), [1, 5]);
    expect((await nested.predict(padded)).data).toEqual((await nested.predict(short)).data);
    await expect(nested.predict([[9, 1]])).rejects.toThrow("the value 9");
  });

  it("runs at every step in timeDistributed, and several inputs and outputs by apply", async () => {
    const step = sequential([dense(3, { inputShape: [3] }), dense(2)], { seed: 1 });
    const steps = sequential([timeDistributed(step)], { seed: 1 });
    const { data, shape } = await steps.predict(x);
    expect(shape).toEqual([6, 5, 2]);
    const rows = tensor(x.data, [30, 3]);
    expect([...data]).toEqual([...(await step.predict(rows)).data]);

    const [p, q] = [input({ shape: [3], name: "p" }), input({ shape: [3], name: "q" })];
    const both = functional({ inputs: [p, q], outputs: [dense(2).apply(p), concatenate().apply([p, q])] }, { seed: 5 });
    const [u, v] = [input({ shape: [3], name: "u" }), input({ shape: [3], name: "v" })];
    const [first, second] = both.apply([u, v]);
    const outer = functional({ inputs: [u, v], outputs: { first: first!, second: second! } });
    const given = { u: rows, v: rows };
    const direct = await both.predictAll([rows, rows]);
    expect((await outer.predictAll(given)).map(({ data: numbers }) => numbers)).toEqual(
      direct.map((each) => each.data),
    );
    expect(() => both.apply(u)).toThrow("2 inputs");
    expect(() => encoder().apply(u)).toThrow();
  });

  it("is saved and loaded with its model, sharing kept", async () => {
    const shared = encoder();
    const a = input({ shape: [5, 3], name: "a" });
    const b = input({ shape: [5, 3], name: "b" });
    const inside = functional({ inputs: a, outputs: shared.apply(a), name: "inside" });
    const outputs = dense(1).apply(concatenate().apply([inside.apply(b), shared.apply(b)]));
    const whole = functional({ inputs: b, outputs }, { seed: 6 });
    const { model: loaded } = await modelFromBytes(await modelToBytes(whole), "m.tavali");
    expect(loaded.weightNames).toEqual(whole.weightNames);
    expect(loaded.countParams()).toBe(shared.countParams() + 5);
    expect((await loaded.predict(x)).data).toEqual((await whole.predict(x)).data);
    expect(loaded.toConfig()).toEqual(whole.toConfig());
  });

  it("keeps its name in files inside timeDistributed, too", async () => {
    const step = sequential([dense(2)], { name: "step" });
    const whole = sequential([timeDistributed(step), dense(1)], { seed: 1 }).build([null, null, 3]);
    const bytes = await modelToBytes(whole);
    expect(await modelToBytes((await modelFromBytes(bytes, "m.tavali")).model)).toEqual(bytes);
  });

  it("carries states of layers inside", async () => {
    const inner = () =>
      sequential([lstm(4, { returnSequences: true, inputShape: [null, 3] })], { seed: 1, name: "inner" });
    const whole = sequential([inner(), lstm(2, { returnSequences: true })], { seed: 2 });
    const run = await whole.predict(x);
    const part = (from: number, to: number) =>
      tensor(
        Float32Array.from({ length: 6 * (to - from) * 3 }, (_, i) => {
          const [row, rest] = [Math.floor(i / ((to - from) * 3)), i % ((to - from) * 3)];
          return x.data[row * 15 + from * 3 + rest]!;
        }),
        [6, to - from, 3],
      );
    const first = await whole.run(part(0, 2));
    // The state is a value: a run of other data does not touch it.
    await whole.run(tensor(new Float32Array(6 * 2 * 3).fill(5), [6, 2, 3]));
    const second = await whole.run(part(2, 5), { state: first.state });
    const last = second.outputs[0]!;
    for (let row = 0; row < 6; row++) {
      const expected = run.data.slice(row * 10 + 4, row * 10 + 10);
      expect([...last.data.slice(row * 6, row * 6 + 6)]).toEqual([...expected]);
    }
  });

  it("is one row of a summary, or with expandNested its layers too, as Keras prints them", () => {
    const reader = sequential([lstm(4, { inputShape: [5, 3], name: "reader" }), dense(2)], { name: "encoder" });
    const stack = sequential([reader, dense(1, { name: "dense_2" })], { name: "stack" });
    const short = stack.summary({ print: false, lineLength: 76 });
    expect(short).toContain("│ encoder (Sequential)            │ (None, 2)              │           138 │");
    expect(short).not.toContain("reader");
    // Keras 3.15.1: model.summary(expand_nested=True, line_length=76)
    expect(stack.summary({ print: false, lineLength: 76, expandNested: true })).toBe(`Model: "stack"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ encoder (Sequential)            │ (None, 2)              │           138 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│    └ reader (LSTM)              │ (None, 4)              │           128 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│    └ dense (Dense)              │ (None, 2)              │            10 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_2 (Dense)                 │ (None, 1)              │             3 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 141 (564.00 B)
 Trainable params: 141 (564.00 B)
 Non-trainable params: 0 (0.00 B)
`);
  });

  it("is built where the model around it is, and checks what it was declared for", async () => {
    const inner = sequential([dense(3)]);
    const outer = sequential([inner, dense(1)], { seed: 1 });
    await outer.predict([[1, 2]]);
    expect(inner.getWeights()).toEqual(outer.getWeights().slice(0, 2));
    expect(() => encoder().apply(input({ shape: [5, 7] }))).toThrow(
      '"encoder": its input expects [null, null, 3], received',
    );
  });

  it("keeps the states of stateful layers, and is frozen and unfrozen with the model", async () => {
    const inner = sequential([lstm(2, { stateful: true, inputShape: [2, 1] })], { seed: 1 });
    const outer = sequential([inner, dense(1)], { seed: 1 });
    const steps = [[[1], [2]]];
    const first = await outer.predict(steps);
    expect((await outer.predict(steps)).data).not.toEqual(first.data);
    outer.resetStates();
    expect((await outer.predict(steps)).data).toEqual(first.data);
    for (const trainable of [false, true]) {
      inner.trainable = trainable;
      expect(outer.getLayer("sequential").trainable).toBe(trainable);
      outer.compile(compiled);
      const before = inner.getWeights();
      await outer.fit(steps, [[1]], quiet);
      const unchanged = inner
        .getWeights()
        .every(({ data }, i) => data.every((value, k) => value === before[i]!.data[k]));
      expect(unchanged).toBe(!trainable);
    }
  });

  it("is cloned with new weights, also inside another model", async () => {
    const whole = sequential([encoder(), dense(1)], { seed: 7 }).compile(compiled);
    const clone = cloneModel(whole, { seed: 8 });
    expect(clone.weightNames).toEqual(whole.weightNames);
    clone.setWeights(whole.getWeights());
    expect((await clone.predict(x)).data).toEqual((await whole.predict(x)).data);
    await whole.fit(x, y, quiet);
    expect(clone.getWeights()).not.toEqual(whole.getWeights());
    await expect(clone.fit(x, y, quiet)).rejects.toThrow("compile");
  });
});
