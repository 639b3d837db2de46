import { describe, expect, it } from "vitest";
import { dense, lstm } from "../layers/index.js";
import { sequential } from "./index.js";

const perStep = "For one answer per step the recurrent layers need returnSequences: true.";
const perSequence = "For one answer per sequence the last recurrent layer needs returnSequences: false.";
const classNumbers = "It takes class numbers; for one-hot targets use categoricalCrossentropy.";
const oneHot = "For class numbers use sparseCategoricalCrossentropy, or make them one-hot with toCategorical.";
const sparse = "sparseCategoricalCrossentropy";
const full = "categoricalCrossentropy";

describe("targets of another shape than predictions", () => {
  it.each<[string, boolean, unknown, string]>([
    [sparse, false, [[0, 1]], perStep],
    [sparse, false, [[1, 0, 0]], classNumbers],
    [sparse, true, [1], perSequence],
    [
      sparse,
      true,
      [
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ],
      classNumbers,
    ],
    [full, false, [1], oneHot],
    [
      full,
      false,
      [
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ],
      perStep,
    ],
    [full, true, [[1, 0, 0]], perSequence],
    [full, true, [[1, 0]], oneHot],
    ["meanSquaredError", true, [1], perSequence],
    ["meanSquaredError", false, [[1, 2]], perStep],
  ])("%s, returnSequences %s, targets %j", async (loss, returnSequences, y, advice) => {
    const model = sequential([lstm(2, { returnSequences, inputShape: [2, 1] }), dense(3, { activation: "softmax" })]);
    model.compile({ optimizer: "adam", loss });
    await expect(model.fit([[[1], [2]]], y as number[], { verbose: 0 })).rejects.toThrow(advice);
  });
});
