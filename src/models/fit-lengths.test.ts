/** Batches of sequences of similar length: padding that is not read changes nothing but the time it takes. */
import { describe, expect, it } from "vitest";
import { crf, embedding, lstm } from "../layers/index.js";
import { sequential } from "./sequential.js";

const x = [
  [1, 2, 3, 0, 0, 0, 0, 0, 0, 0],
  [4, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [5, 6, 1, 2, 0, 0, 0, 0, 0, 0],
];
const y = x.map((row) => row.map((id) => id % 3));
const lengths = [3, 1, 4];
const tagger = (threads = 1) =>
  sequential([embedding(7, 4, { maskZero: true }), lstm(5, { returnSequences: true }), crf(3)], {
    seed: 1,
    threads,
  }).compile({
    optimizer: "adam",
    loss: "crfLoss",
    metrics: ["accuracy"],
  });
const options = { epochs: 3, verbose: 0, seed: 2 } as const;

describe("fit with lengths", () => {
  it("learns what it learns from whole sequences", async () => {
    const [whole, short] = [tagger(), tagger()];
    const { history } = await whole.fit(x, y, { ...options, shuffle: false });
    const { history: ofShort } = await short.fit(x, y, { ...options, shuffle: false, lengths });
    for (const name of ["loss", "accuracy"]) {
      history[name]!.forEach((value, epoch) => {
        expect(ofShort[name]![epoch]).toBeCloseTo(value, 5);
      });
    }
    const [a, b] = [await whole.predict(x), await short.predict(x)];
    expect([...b.data]).toEqual([...a.data]);
  });

  it("gives equal bits for equal seeds", async () => {
    const [one, two] = [tagger(), tagger()];
    for (const model of [one, two]) await model.fit(x, y, { ...options, lengths, batchSize: 2 });
    expect(two.getWeights()).toEqual(one.getWeights());
  });

  it("needs a length for each example, and no window", async () => {
    await expect(tagger().fit(x, y, { ...options, lengths: [3] })).rejects.toThrow("3 examples, but lengths has 1");
    const windows = { ...options, lengths, truncate: { window: 2 } };
    await expect(tagger().fit(x, y, windows)).rejects.toThrow();
  });
});
