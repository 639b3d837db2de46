import { afterEach, describe, expect, it, vi } from "vitest";
import { bidirectional, dense, gru, input, timeDistributed } from "../layers/index.js";
import { adam } from "../optimizers/index.js";
import { functionalFromConfig, model } from "./functional.js";
import type { Model } from "./model.js";
import { modelFromConfig } from "./model-from-config.js";
import { sequential } from "./sequential.js";

const weightsOf = (given: Model) => given.getWeights().map(({ data }) => [...data]);
const x = [
  [1, 2, 3],
  [0, 1, -1],
];
const y = [
  [1, 0],
  [0, 1],
];

const twoLayers = () => sequential([dense(3, { inputShape: [3] }), dense(2)], { seed: 1 });
const compiled = <Given extends Model>(given: Given): Given =>
  given.compile({ optimizer: "adam", loss: "meanSquaredError" });
/** Freezing: the weights that a training step changes. */
async function changed(given: Model, inputs: unknown = x, targets: unknown = y): Promise<boolean[]> {
  const before = weightsOf(given);
  await given.fit(inputs as number[][], targets as number[][], { verbose: 0, seed: 1 });
  return weightsOf(given).map((data, i) => data.some((value, j) => value !== before[i]![j]));
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("freezing a built model", () => {
  it("keeps a layer's weights and their order, and shows it in the summary, as Keras", async () => {
    const made = twoLayers();
    const names = made.weightNames;
    made.layers[0]!.trainable = false;
    compiled(made);
    expect(made.summary({ print: false })).toContain(
      "Trainable params: 8 (32.00 B)\n Non-trainable params: 12 (48.00 B)",
    );
    expect(await changed(made)).toEqual([false, false, true, true]);
    expect(made.weightNames).toEqual(names);
    expect(made.optimizerState()!.slots.map(({ name }) => name.split("/")[1])).toEqual(new Array(4).fill("dense_1"));
  });

  it("counts at once, and trains again after the next compile", async () => {
    const made = compiled(twoLayers());
    await changed(made);
    made.layers[0]!.trainable = false;
    expect(made.summary({ print: false })).toContain("Non-trainable params: 12");
    compiled(made);
    expect(await changed(made)).toEqual([false, false, true, true]);
    made.layers[0]!.trainable = true;
    compiled(made);
    expect(await changed(made)).toEqual([true, true, true, true]);
    expect(made.optimizerState()!.slots).toHaveLength(8);
  });

  it("has no effect before the next compile, and warns once", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const made = compiled(twoLayers());
    made.layers[1]!.trainable = false;
    expect(await changed(made)).toEqual([true, true, true, true]);
    await made.trainOnBatch(x, y);
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      'fit: trainable of "dense_1" was changed after compile and takes effect at the next one; training continues as compiled. ' +
        "Call compile again to apply it.",
    ]);
    expect(await changed(compiled(made))).toEqual([true, true, false, false]);
    made.layers[1]!.trainable = true;
    await made.trainOnBatch(x, y);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it("takes the layer as it was given, and every model that has it", async () => {
    const first = dense(3, { inputShape: [3] });
    const [a, b] = [sequential([first, dense(2)]), sequential([first, dense(2)])];
    first.trainable = false;
    expect([a, b].map(({ layers }) => layers[0]!.trainable)).toEqual([false, false]);
    expect(await changed(compiled(a))).toEqual([false, false, true, true]);
    expect(await changed(compiled(b))).toEqual([false, false, true, true]);
    expect(a.toConfig().layers[0]).toMatchObject({ name: "dense", trainable: false });
  });

  it("takes a whole model, which single layers cannot undo, as in Keras", async () => {
    const made = twoLayers();
    made.trainable = false;
    expect(made.layers.map(({ trainable }) => trainable)).toEqual([false, false]);
    made.layers[0]!.trainable = true;
    expect(made.summary({ print: false })).toContain("Trainable params: 0 (0.00 B)\n Non-trainable params: 20");
    expect(await changed(compiled(made))).toEqual([false, false, false, false]);
    const again = modelFromConfig(JSON.parse(JSON.stringify(made.toConfig())));
    expect([again.trainable, await changed(again)]).toEqual([false, [false, false, false, false]]);
    made.trainable = true;
    expect(await changed(compiled(made))).toEqual([true, true, true, true]);
  });

  it("reaches wrapped layers, from outside and from inside", async () => {
    const sequences = [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ];
    const targets = [
      [
        [1, 2],
        [3, 4],
      ],
    ];
    const inner = dense(2);
    const outer = timeDistributed(inner, { inputShape: [null, 3] });
    const made = sequential([outer]);
    inner.trainable = false;
    expect([outer.trainable, await changed(compiled(made), sequences, targets)]).toEqual([true, [false, false]]);
    inner.trainable = true;
    outer.trainable = false;
    expect([inner.trainable, await changed(compiled(made), sequences, targets)]).toEqual([false, [false, false]]);
    const forward = gru(1, { returnSequences: true });
    const both = sequential([bidirectional(forward, { inputShape: [null, 3] })]);
    both.layers[0]!.trainable = false;
    expect(await changed(compiled(both), sequences, targets)).toEqual(new Array(6).fill(false));
    both.layers[0]!.trainable = true;
    forward.trainable = false;
    expect(await changed(compiled(both), sequences, targets)).toEqual([false, false, false, true, true, true]);
    const again = modelFromConfig(both.toConfig());
    expect(await changed(again, sequences, targets)).toEqual([false, false, false, true, true, true]);
  });

  it("is saved, and freezes a loaded model", async () => {
    const start = input({ shape: [3] });
    const made = model({ inputs: start, outputs: dense(2).apply(dense(3).apply(start)) });
    made.layers[0]!.trainable = false;
    const again = functionalFromConfig(made.toConfig());
    expect(again.layers.map(({ trainable }) => trainable)).toEqual([false, true]);
    expect(await changed(compiled(again))).toEqual([false, false, true, true]);
    again.layers[0]!.trainable = true;
    again.layers[1]!.trainable = false;
    expect(await changed(compiled(again))).toEqual([true, true, false, false]);
  });

  it("holds for a model that learns its shape after compile", async () => {
    const made = sequential([dense(3), dense(2)]);
    made.layers[0]!.trainable = false;
    compiled(made);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    made.layers[0]!.trainable = true;
    await made.trainOnBatch(x, y);
    expect(await changed(made)).toEqual([false, false, true, true]);
  });
});

describe("a model that is frozen as a whole", () => {
  it.each([
    ["on one thread", 1],
    ["in two shards", 2],
  ])("goes through a training unchanged, %s", async (_, threads) => {
    const rows = Array.from({ length: 16 }, (_, i) => [i, 1, -i]);
    const answers = rows.map(([a]) => [a!, 0]);
    for (const optimizer of ["sgd", adam({ clipnorm: 1 }), adam({ globalClipnorm: 1 })]) {
      const made = sequential([dense(3, { inputShape: [3] }), dense(2)], { seed: 1, threads });
      made.trainable = false;
      made.compile({ optimizer, loss: "meanSquaredError" });
      const { loss } = await made.evaluate(rows, answers);
      const before = weightsOf(made);
      const { history } = await made.fit(rows, answers, { epochs: 2, verbose: 0 });
      expect(history.loss).toEqual([expect.closeTo(loss!, 4), expect.closeTo(loss!, 4)]);
      expect(weightsOf(made)).toEqual(before);
    }
  });
});
