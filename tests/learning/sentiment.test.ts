/** The sentiment recipe learns: it reads order, which a bag of words cannot, and it does so with every encoder. */
import { describe, expect, test } from "vitest";
import { trainBagOfWords } from "../../src/recipes/bag-of-words.js";
import { trainSentiment } from "../../src/recipes/sentiment.js";
import { loadSentimentData } from "../../src/recipes/sentiment-data.js";

const corpus = await loadSentimentData(undefined, 1);
const first = ({ texts, labels }: typeof corpus.train, count: number) => ({
  texts: texts.slice(0, count),
  labels: labels.slice(0, count),
});
const data = { ...corpus, train: first(corpus.train, 5000), test: first(corpus.test, 1000) };
const bag = trainBagOfWords(data.train.texts, data.train.labels).accuracy(data.test.texts, data.test.labels);
const options = { learningRate: 5e-3, batchSize: 32, epochs: 12, patience: 0, seed: 1 } as const;

/** By how much reading in order must beat the words alone. */
const margin = 0.1;

describe("the sentiment recipe on the built-in corpus", () => {
  test.each(["last", "mean", "max"] as const)(
    "with the encoder %s reads what a bag of words cannot see",
    async (encoder) => {
      const { test: tested, history, bestEpoch } = await trainSentiment(data, { ...options, encoder });
      expect(history[bestEpoch - 1]!.loss).toBeLessThan(0.5 * history[0]!.loss);
      expect(tested.accuracy).toBeGreaterThan(bag + margin);
    },
  );
});
