import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dense, gru, input, lstm } from "../layers/index.js";
import { model } from "./functional.js";
import { sequential } from "./sequential.js";

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  vi.spyOn(console, "warn").mockImplementation((text: string) => {
    warnings.push(text);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const x = [
  [
    [1, 2],
    [3, 4],
  ],
];

describe("a layer with several outputs, of which one is used without a choice", () => {
  it("is warned of once where it ends a sequential model", async () => {
    const chain = sequential([gru(3, { returnState: true, inputShape: [null, 2] })]);
    await chain.predictAll(x);
    expect(warnings).toEqual([]);
    await chain.predict(x);
    chain.compile({ loss: "meanSquaredError" });
    await chain.trainOnBatch(x, [[1, 2, 3]]);
    expect(warnings).toEqual([
      'predict: the last layer, GRU "gru", gives 2 outputs. Losses, metrics and predict use the first; predictAll and run give all. ' +
        "Make the layer without returnState where the others are not wanted.",
    ]);
    const trained = sequential([lstm(3, { returnState: true })]).compile({ loss: "meanSquaredError" });
    await trained.fit(x, [[1, 2, 3]], { verbose: 0 });
    expect(warnings[1]).toMatch(/^fit: the last layer, LSTM "lstm", gives 3 outputs/);
  });

  it("is warned of once where it is an output of a model, or another layer's input", async () => {
    const start = input({ shape: [null, 2] });
    const whole = lstm(3, { returnState: true }).apply(start);
    const made = model({ inputs: start, outputs: whole });
    expect(made.outputs).toEqual([[...whole][0]]);
    model({ inputs: start, outputs: dense(1).apply(whole) });
    expect(warnings).toEqual([
      "functional: one of the outputs is the first of the 3 outputs of LSTM. Take them apart and name the one that you mean: const [first, …others] = layer.apply(x).",
    ]);
    dense(1, { name: "end" }).apply(gru(3, { returnState: true }).apply(start));
    expect(warnings[1]).toMatch(/^Dense "end": its input is the first of the 2 outputs of GRU\./);
  });

  it("is not warned of where it was taken apart", () => {
    const start = input({ shape: [null, 2] });
    const [output, h] = gru(3, { returnState: true }).apply(start);
    model({ inputs: start, outputs: [dense(1).apply(output!), h!] });
    model({ inputs: start, outputs: output! });
    model({ inputs: start, outputs: [...gru(3, { returnState: true }).apply(start)] });
    model({ inputs: start, outputs: gru(3).apply(start) });
    expect(warnings).toEqual([]);
  });
});
