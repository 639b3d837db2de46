import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { trainBagOfWords } from "../recipes/classifier/bag-of-words.js";
import { demoSentences, grammarReviews } from "./grammar-reviews.js";

const words = (text: string) => text.toLowerCase().match(/[a-z]+/g)!;
const key = (text: string) => words(text).join(" ");
const corpus = grammarReviews();

describe("grammarReviews", () => {
  it("returns the same corpus for the same seed and another one for another seed", () => {
    const options = { count: 300, testCount: 50, seed: 7 };
    expect(grammarReviews(options)).toEqual(grammarReviews(options));
    expect(grammarReviews({ ...options, seed: 8 }).train.texts).not.toEqual(grammarReviews(options).train.texts);
  });

  it("keeps the training set when only the size of the test set changes", () => {
    const small = grammarReviews({ count: 200, testCount: 10 });
    const large = grammarReviews({ count: 200, testCount: 100 });
    expect(large.train).toEqual(small.train);
    expect(large.test.texts).toHaveLength(100);
  });

  it("writes the first reviews of seed 1 like this", () => {
    expect(corpus.train.texts.slice(0, 4)).toMatchInlineSnapshot(`
      [
        "The music was really impressive, and what is more, the villain is truly lovely.",
        "The sound is anything but a delight, and what is more, the charger could not have been more flimsy.",
        "The plot is a disaster, although I never despised the dialogue.",
        "It is hardly the funny picture they promised, but I found the acting very good.",
      ]
    `);
    expect([...corpus.train.labels.slice(0, 4)]).toMatchInlineSnapshot(`
      [
        1,
        0,
        0,
        1,
      ]
    `);
  });

  it("has as many positive as negative reviews, in mixed order", () => {
    for (const { texts, labels } of [corpus.train, corpus.test]) {
      expect(labels).toHaveLength(texts.length);
      expect(labels.reduce((sum, label) => sum + label, 0)).toBe(texts.length / 2);
      const firstTenth = labels.slice(0, texts.length / 10);
      const share = firstTenth.reduce((sum, label) => sum + label, 0) / firstTenth.length;
      expect(share).toBeGreaterThan(0.4);
      expect(share).toBeLessThan(0.6);
    }
  });

  it("repeats no sentence within or between training and test, whatever the case and punctuation", () => {
    const all = [...corpus.train.texts, ...corpus.test.texts].map(key);
    expect(new Set(all).size).toBe(all.length);
  });

  it("gives no sentence both labels, even across seeds", () => {
    const labelOf = new Map<string, number>();
    for (let seed = 1; seed <= 8; seed++) {
      const { texts, labels } = grammarReviews({ count: 5000, testCount: 0, seed }).train;
      texts.forEach((text, i) => {
        expect(labelOf.get(key(text)) ?? labels[i], text).toBe(labels[i]);
        labelOf.set(key(text), labels[i]!);
      });
    }
  });

  it("keeps reviews short and the vocabulary small, and tests no word that training lacks", () => {
    const vocabulary = new Set(corpus.train.texts.flatMap(words));
    expect(vocabulary.size).toBeGreaterThan(150);
    expect(vocabulary.size).toBeLessThan(400);
    for (const text of [...corpus.train.texts, ...corpus.test.texts]) {
      expect(words(text).length).toBeGreaterThanOrEqual(4);
      expect(words(text).length).toBeLessThanOrEqual(25);
    }
    const tested = [...corpus.test.texts, ...demoSentences.map(({ text }) => text)];
    expect(tested.flatMap(words).filter((word) => !vocabulary.has(word))).toEqual([]);
  });

  it("keeps some phrase and adjective combinations for the test set", () => {
    const combinations = ({ texts }: { texts: string[] }) =>
      new Set(texts.flatMap((text) => key(text).match(/(?:was hardly|was far from|was never less than) \w+/g) ?? []));
    const trained = combinations(grammarReviews({ count: 20_000, testCount: 0 }).train);
    const unseen = [...combinations(corpus.test)].filter((combination) => !trained.has(combination));
    expect(unseen.length).toBeGreaterThan(0);
  });

  it("writes articles, spaces and capitals as English does", () => {
    for (const text of corpus.train.texts) {
      expect(text).toMatch(/^[A-Z][A-Za-z,. ]*\.$/);
      expect(text).not.toMatch(/ {2}|\ba [aeiou]|\ban [^aeiou]|\. [a-z]|[{}]/);
    }
  });

  it("refuses counts and seeds it cannot honour", () => {
    expect(() => grammarReviews({ count: -1 })).toThrow(ConfigError);
    expect(() => grammarReviews({ count: 1.5 })).toThrow("count must be a whole number from 0 to 50000, received 1.5.");
    expect(() => grammarReviews({ testCount: 1e9 })).toThrow("testCount must be a whole number from 0");
    expect(() => grammarReviews({ seed: Number.NaN })).toThrow("seed must be a whole number, received NaN.");
  });

  it("offers five demonstration sentences that the corpus does not contain", () => {
    const known = new Set([...corpus.train.texts, ...corpus.test.texts].map(key));
    expect(demoSentences).toHaveLength(5);
    for (const { text } of demoSentences) expect(known.has(key(text))).toBe(false);
  });
});

describe("the gap, lower half: without word order the reviews are hard", () => {
  it.each([1, 2, 3])("a bag of words stays between 0.60 and 0.75, whatever its penalty (seed %i)", (seed) => {
    const { train, test } = grammarReviews({ seed });
    for (const l2 of [1e-4, 1e-3, 1e-2]) {
      const accuracy = trainBagOfWords(train.texts, train.labels, { l2 }).accuracy(test.texts, test.labels);
      expect(accuracy).toBeGreaterThan(0.6);
      expect(accuracy).toBeLessThan(0.75);
    }
  });

  it("a bag of word pairs stays below 0.86", () => {
    const bag = trainBagOfWords(corpus.train.texts, corpus.train.labels, { l2: 1e-4, bigrams: true });
    expect(bag.accuracy(corpus.test.texts, corpus.test.labels)).toBeLessThan(0.86);
  });
});
