import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors.js";
import { dense, embedding, gru } from "../../layers/index.js";
import { sequential } from "../../models/index.js";
import { inspectText } from "./inspect-text.js";
import { predictTexts } from "./predict-texts.js";
import { Vocabulary } from "./vocabulary.js";

const vocabulary = Vocabulary.of(["a good film", "a bad film"], { pieces: "words", persian: false }, { limit: 10 });
const labels = ["neg", "pos", "so-so"];
const layers = [embedding(vocabulary.size, 3, { maskZero: true }), gru(4), dense(3, { activation: "softmax" })];
const model = sequential(layers, { seed: 1 }).compile({ loss: "sparseCategoricalCrossentropy" }).build([null, null]);
const reader = { model, vocabulary, labels, length: 4 };

describe("inspectText", () => {
  it("has a word for each step: the last ones, unknown ones marked", async () => {
    const { words, inspection, verdicts } = await inspectText(reader, "once again a good movie", "pos");
    expect(words).toEqual(["‹again›", "a", "good", "‹movie›"]);
    expect([inspection.steps, verdicts.length]).toEqual([4, 4]);
  });

  it("says after each word what the model says of the text up to there", async () => {
    const { verdicts, probability } = await inspectText(reader, "a good film", "pos");
    const beginnings = await predictTexts(reader, ["a", "a good", "a good film"]);
    verdicts.forEach((verdict, t) => {
      for (const name of labels) expect(verdict[name]).toBeCloseTo(beginnings[t]!.probabilities[name]!, 6);
    });
    expect(probability).toBe(verdicts[2]!.pos);
  });

  it("names the units of each layer that move most", async () => {
    const { responsive, inspection } = await inspectText(reader, "a good film");
    expect(responsive.map(({ layer }) => layer)).toEqual(inspection.layers.map(({ name }) => name));
    expect(responsive[0]!.units.map(({ unit }) => unit).sort()).toEqual([0, 1, 2, 3]);
  });

  it("takes the second most probable class, unless told", async () => {
    const { probabilities } = (await predictTexts(reader, ["a good film"]))[0]!;
    const second = Object.entries(probabilities).sort(([, a], [, b]) => b - a)[1]![0];
    const { label, probability, inspection } = await inspectText(reader, "a good film");
    expect(label).toBe(second);
    expect(inspection.loss).toBeCloseTo(-Math.log(probability), 6);
    const told = await inspectText(reader, "a good film", "pos");
    expect(told.probability).toBeCloseTo(probabilities.pos!, 6);
    await expect(inspectText(reader, "a good film", "fine")).rejects.toThrow(ConfigError);
  });

  it.each(["", "…"])("refuses the text %j, which has no words", async (text) => {
    await expect(inspectText(reader, text, "pos")).rejects.toThrow(
      `inspect: the text ${JSON.stringify(text)} has no words; give one with at least one.`,
    );
  });
});
