/** Texts in the place of numbers: the hint says what the numbers mean there. */
import { describe, expect, it } from "vitest";
import { dense, embedding, input, lstm } from "../layers/index.js";
import { confusionMatrix } from "../metrics/index.js";
import { toCategorical } from "../text/index.js";
import { model, sequential } from "./index.js";

// biome-ignore lint/suspicious/noExplicitAny: texts have a type that TypeScript refuses
type Any = any;

const x = [[1], [2]];
const names = ["no", "yes"] as Any;
const quiet = { verbose: 0 } as const;
const classifier = (loss = "sparseCategoricalCrossentropy") =>
  sequential([dense(2, { inputShape: [1], activation: "softmax" })], { seed: 1 }).compile({ loss });

const labels = "Turn labels into whole numbers first, for example names.indexOf(label)";
const weights = "Give weights as numbers";

describe("a text", () => {
  it.each<[string, () => unknown]>([
    ["fit", () => classifier().fit(x, names, quiet)],
    ["fit, in rows", () => classifier("categoricalCrossentropy").fit(x, [["no"], ["yes"]] as Any, quiet)],
    ["fit, one text", () => classifier().fit(x, "yes" as Any, quiet)],
    ["fit on batches", () => classifier().fit([[x, names] as const].values() as Any, quiet)],
    ["validationData", () => classifier().fit(x, [0, 1], { ...quiet, validationData: [x, names] })],
    ["evaluate", () => classifier().evaluate(x, names, quiet)],
    ["trainOnBatch", () => classifier().trainOnBatch(x, names)],
    ["testOnBatch", () => classifier().testOnBatch(x, names)],
    ["confusionMatrix", async () => confusionMatrix(names, names)],
    ["toCategorical", async () => toCategorical(names)],
  ])("among labels is told of class numbers: %s", async (_, call) => {
    await expect(call()).rejects.toThrow(labels);
  });

  it("among labels of several outputs is told of class numbers", async () => {
    const start = input({ shape: [1] });
    const both = model({ inputs: start, outputs: [dense(2).apply(start), dense(2).apply(start)] });
    both.compile({ loss: "sparseCategoricalCrossentropy" });
    await expect(both.fit(x, [names, names], quiet)).rejects.toThrow(labels);
    await expect(both.fit(x, "yes" as Any, quiet)).rejects.toThrow("turn labels into whole numbers first");
  });

  it("that is a number is told to be one", async () => {
    await expect(classifier().fit(x, ["0", "1"] as Any, quiet)).rejects.toThrow("Write it without quotes");
  });

  it("among weights is told of numbers", async () => {
    const weighted = (sampleWeight: Any) => classifier().fit(x, [0, 1], { ...quiet, sampleWeight });
    await expect(weighted(["a", "b"])).rejects.toThrow(weights);
    await expect(weighted("balanced")).rejects.toThrow(weights);
    expect(() => classifier().setWeights([[["a", "b"]], [0, 0]] as Any)).toThrow(weights);
  });

  it("in a mask is told of 1 and 0, and among inputs of ids", async () => {
    const reader = sequential([embedding(5, 2), lstm(2)], { seed: 1 });
    await expect(reader.predict([["the", "cat"]] as Any)).rejects.toThrow("Turn texts into ids first");
    const masked = { data: Int32Array.of(1, 2), shape: [1, 2], mask: [["yes", "no"]] };
    await expect(reader.predict(masked as Any)).rejects.toThrow("Give 1 or true for a step that is valid");
  });
});
