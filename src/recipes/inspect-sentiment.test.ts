import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { dense, embedding, gru } from "../layers/index.js";
import { sequential } from "../models/index.js";
import { inspectSentiment } from "./inspect-sentiment.js";
import { predictSentiment } from "./predict-sentiment.js";
import type { SentimentMetadata } from "./sentiment-metadata.js";
import { Vocabulary } from "./vocabulary.js";

const vocabulary = Vocabulary.of(["a good film", "a bad film"], 10);
const layers = [embedding(vocabulary.size, 3, { maskZero: true }), gru(4), dense(1, { activation: "sigmoid" })];
const model = sequential(layers, { seed: 1 }).compile({ loss: "binaryCrossentropy" }).build([null, null]);
const sentiment = {
  model,
  vocabulary,
  metadata: { labels: ["neg", "pos"], length: 4 } as unknown as SentimentMetadata,
};

describe("inspectSentiment", () => {
  it("has a word for each step: the last ones, unknown ones marked", async () => {
    const { words, inspection } = await inspectSentiment(sentiment, "once again a good movie", "pos");
    expect(words).toEqual(["‹again›", "a", "good", "‹movie›"]);
    expect(inspection.steps).toBe(4);
  });

  it("takes the class that the model finds less probable, unless told", async () => {
    const score = (await predictSentiment(sentiment, ["a good film"]))[0]!.score;
    const { label, probability, inspection } = await inspectSentiment(sentiment, "a good film");
    expect(label).toBe(score >= 0.5 ? "neg" : "pos");
    expect(probability).toBeLessThanOrEqual(0.5);
    expect(inspection.loss).toBeCloseTo(-Math.log(probability), 6);
    const told = await inspectSentiment(sentiment, "a good film", score >= 0.5 ? "pos" : "neg");
    expect(told.probability + probability).toBeCloseTo(1, 12);
    await expect(inspectSentiment(sentiment, "a good film", "fine")).rejects.toThrow(ConfigError);
  });

  it("shows a text without words as one step of padding", async () => {
    const { words, inspection } = await inspectSentiment(sentiment, "…", "pos");
    expect(words).toEqual([""]);
    expect([...inspection.layers[0]!.mask!.data]).toEqual([0]);
    expect(inspection.layers[0]!.diagnosis.kind).toBe("none");
  });
});
