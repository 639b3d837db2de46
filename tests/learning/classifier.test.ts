/** The text classifier learns: it reads order, which a bag of words cannot, with every encoder, from both ends, and with three classes. */
import { describe, expect, test } from "vitest";
import { trainBagOfWords } from "../../src/recipes/classifier/bag-of-words.js";
import { trainClassifier } from "../../src/recipes/classifier/classifier.js";
import { loadClassifierData } from "../../src/recipes/classifier/classifier-data.js";

const corpus = await loadClassifierData();
const first = ({ texts, labels }: typeof corpus.train, count: number) => ({
  texts: texts.slice(0, count),
  labels: labels.slice(0, count),
});
const data = { ...corpus, train: first(corpus.train, 5000), test: first(corpus.test, 1000) };
const options = { learningRate: 5e-3, batchSize: 32, epochs: 12, patience: 0, seed: 1 } as const;
const wordsAlone = ({ train, test: held }: Pick<typeof data, "train" | "test">) =>
  trainBagOfWords(train.texts, train.labels).accuracy(held.texts, held.labels);

/** By how much reading in order must beat the words alone. */
const margin = 0.1;

describe("the text classifier on the built-in corpus", () => {
  test.each([
    { encoder: "last" },
    { encoder: "mean" },
    { encoder: "max" },
    { encoder: "attention", cell: "gru", bidirectional: true, units: 16, epochs: 4 },
  ] as const)("with %j reads what a bag of words cannot see", async (given) => {
    const { test: tested, history, bestEpoch } = await trainClassifier(data, { ...options, ...given });
    expect(history[bestEpoch - 1]!.loss).toBeLessThan(0.5 * history[0]!.loss);
    expect(tested.accuracy).toBeGreaterThan(wordsAlone(data) + margin);
  });

  test("tells three classes apart: blame, praise of films, praise of gadgets", async () => {
    const film = /film|movie|plot|cast|actor|director|scene|ending|story|dialogue|score|trailer/i;
    const three = ({ texts, labels }: typeof corpus.train) => ({
      texts,
      labels: labels.map((label, i) => (label === 0 ? 0 : film.test(texts[i]!) ? 1 : 2)),
    });
    const split = {
      ...data,
      train: three(data.train),
      test: three(data.test),
      classNames: ["blame", "film", "gadget"],
    };
    const { test: tested, scores } = await trainClassifier(split, {
      ...options,
      cell: "lstm",
      measure: "macroF1",
      epochs: 6,
    });
    expect(tested.accuracy).toBeGreaterThan(wordsAlone(split) + margin);
    for (const { name, f1 } of scores.report.classes) expect(f1, name).toBeGreaterThan(0.8);
  });
});
