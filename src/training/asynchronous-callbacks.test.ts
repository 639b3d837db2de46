import { describe, expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { dense } from "../layers/index.js";
import { sequential } from "../models/index.js";
import type { Callback } from "./index.js";

const x = [[1], [2], [3], [4]];
const model = () =>
  sequential([dense(1, { inputShape: [1] })], { engine: referenceEngine }).compile({ loss: "meanSquaredError" });
const later = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
const methods = ["onTrainBegin", "onEpochBegin", "onBatchBegin", "onBatchEnd", "onEpochEnd", "onTrainEnd"] as const;

describe("an asynchronous callback", () => {
  it("ends before training continues", async () => {
    const heard: string[] = [];
    const slow = Object.fromEntries(
      methods.map((method) => [
        method,
        async () => {
          heard.push(`${method} begins`);
          await later();
          heard.push(`${method} ends`);
        },
      ]),
    ) as Callback;
    await model().fit(x, x, { epochs: 1, batchSize: 2, verbose: 0, callbacks: [slow] });
    const order = ["onTrainBegin", "onEpochBegin", "onBatchBegin", "onBatchEnd", "onBatchBegin", "onBatchEnd"];
    const all = [...order, "onEpochEnd", "onTrainEnd"];
    expect(heard).toEqual(all.flatMap((method) => [`${method} begins`, `${method} ends`]));
  });

  it.each(methods)("fails the training when its %s fails", async (method) => {
    const failing: Callback = {
      async [method]() {
        await later();
        throw new Error(`no ${method}`);
      },
    };
    const fit = model().fit(x, x, { epochs: 1, verbose: 0, callbacks: [failing] });
    await expect(fit).rejects.toThrow(`no ${method}`);
  });
});
