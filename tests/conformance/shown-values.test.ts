/** Objects in the place of numbers: messages show them in words, never as "[object Object]". */
import { expect, it } from "vitest";
import { Dataset } from "../../src/data/index.js";
import { createWasmEngine } from "../../src/engines/index.js";
import { argmax, input, mean } from "../../src/equations/index.js";
import { dense, lstm, masking } from "../../src/layers/index.js";
import { sequential } from "../../src/models/index.js";
import { completeText } from "../../src/recipes/index.js";
import { tensor } from "../../src/tensor/tensor.js";

// biome-ignore lint/suspicious/noExplicitAny: the values have types that TypeScript refuses
type Any = any;
const wrong: Any = { count: 2 };
const node = () => input("x", [2, 3]);

it.each<[string, () => unknown]>([
  ["completeText", async () => completeText({ model: {}, codec: {} } as Any, "x", wrong)],
  ["argmax", async () => argmax(node(), wrong)],
  ["mean", async () => mean(node(), [wrong])],
  ["tensor", async () => tensor([1], [wrong])],
  ["createWasmEngine", async () => createWasmEngine({ threads: wrong })],
  [
    "lengths",
    () => {
      const model = sequential([masking({ inputShape: [null, 1] }), lstm(1)], { seed: 1 });
      return model.compile({ loss: "meanSquaredError" }).fit([[[1]]], [[1]], { verbose: 0, lengths: [wrong] });
    },
  ],
  [
    "setOptimizerState",
    async () => {
      const model = sequential([dense(1, { inputShape: [1] })], { seed: 1 }).compile({ loss: "meanSquaredError" });
      await model.trainOnBatch([[1]], [[1]]);
      model.setOptimizerState({ ...model.optimizerState()!, iteration: wrong });
    },
  ],
  [
    "bucketByLength",
    async () => {
      const options = { boundaries: [2], batchSize: 1, length: () => wrong };
      for await (const _ of Dataset.from([[1]]).bucketByLength(options as Any));
    },
  ],
])("%s", async (_, call) => {
  await expect(call()).rejects.toThrow("{ count: 2 }");
});
