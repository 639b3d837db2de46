import { describe, expect, it } from "vitest";
import { ConfigError, DataError } from "../../errors.js";
import { Random } from "../../tensor/random.js";
import { trainBagOfWords } from "./bag-of-words.js";

const texts = ["fine film", "dull film", "a fine plot", "a dull plot"];
const labels = [1, 0, 1, 0];

describe("trainBagOfWords", () => {
  it("separates texts by the words that tell the classes apart", () => {
    const bag = trainBagOfWords(texts, labels);
    expect(bag.accuracy(texts, labels)).toBe(1);
    const [fine, dull, neither] = bag.predict(["fine", "Dull!", "unheard of"]);
    expect(fine![1]).toBeGreaterThan(0.9);
    expect(dull![1]).toBeLessThan(0.1);
    expect(neither![1]).toBeCloseTo(0.5, 3);
  });

  it("reaches the optimum: the mean residual of every feature equals l2 times its weight", () => {
    // One feature "x" in two of three texts, labels 1, 0, 0 and a free bias: the gradient condition, solved by bisection.
    const l2 = 0.05;
    const logistic = (z: number) => 1 / (1 + Math.exp(-z));
    // For two classes W = (−w/2, w/2), so ‖W‖² = w²/2 and d penalty / d w = l2 · w / 2.
    let [low, high] = [-10, 10];
    for (let i = 0; i < 100; i++) {
      const w = (low + high) / 2;
      let [b0, b1] = [-20, 20];
      for (let k = 0; k < 100; k++) {
        const b = (b0 + b1) / 2;
        if (2 * logistic(w + b) + logistic(b) > 1) b1 = b;
        else b0 = b;
      }
      if ((2 * logistic(w + b0) - 1) / 3 + (l2 * w) / 2 > 0) high = w;
      else low = w;
    }
    const bag = trainBagOfWords(["x", "x", ""], [1, 0, 0], { l2 });
    const [with_, without] = bag.predict(["x", ""]).map((row) => Math.log(row[1]! / row[0]!));
    expect(with_! - without!).toBeCloseTo(low, 3);
  });

  it("gives three classes probabilities that sum to one", () => {
    const bag = trainBagOfWords(["red", "green", "blue"], [0, 1, 2]);
    const rows = bag.predict(["red", "green", "blue", "red blue"]);
    for (const row of rows) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(bag.accuracy(["red", "green", "blue"], [0, 1, 2])).toBe(1);
    expect(rows[3]![1]).toBeLessThan(rows[3]![0]!);
  });

  it("cannot see order, but with bigrams it can", () => {
    const ordered = ["not good but bad", "not bad but good"];
    const plain = trainBagOfWords(ordered, [0, 1], { l2: 1e-4 }).predict(ordered);
    expect(plain[0]).toEqual(plain[1]);
    expect(trainBagOfWords(ordered, [0, 1], { l2: 1e-4, bigrams: true }).accuracy(ordered, [0, 1])).toBe(1);
  });

  it("tells texts apart by how often a word occurs only with counts", () => {
    const repeated = ["ha", "ha ha ha"];
    expect(trainBagOfWords(repeated, [0, 1], { counts: true }).accuracy(repeated, [0, 1])).toBe(1);
    const [once, thrice] = trainBagOfWords(repeated, [0, 1]).predict(repeated);
    expect(once).toEqual(thrice);
  });

  it("learns little from noise: random labels stay near chance on unseen texts", () => {
    const random = new Random(3);
    const noise = () => Array.from({ length: 400 }, () => `w${random.integer(50)} w${random.integer(50)}`);
    const coins = () => Array.from({ length: 400 }, () => random.integer(2));
    const accuracy = trainBagOfWords(noise(), coins()).accuracy(noise(), coins());
    expect(accuracy).toBeGreaterThan(0.4);
    expect(accuracy).toBeLessThan(0.6);
  });

  it("splits texts with the given tokenizer", () => {
    const bag = trainBagOfWords(["a|b", "c|d"], [0, 1], { tokenize: (text) => text.split("|") });
    expect(bag.predict(["a|x"])[0]![0]).toBeGreaterThan(0.6);
  });

  it("names the argument that is wrong", () => {
    expect(() => trainBagOfWords([], [])).toThrow(DataError);
    expect(() => trainBagOfWords(["a"], [0, 1])).toThrow("1 texts came with 2 labels");
    expect(() => trainBagOfWords(["a"], [2], { classes: 2 })).toThrow("label 2 of text 0");
    expect(() => trainBagOfWords(["a"], [0.5], { classes: 2 })).toThrow(DataError);
    expect(() => trainBagOfWords(["a"], [-1])).toThrow("label -1 of text 0");
    expect(() => trainBagOfWords(texts, labels, { l2: -1 })).toThrow(ConfigError);
    expect(() => trainBagOfWords(texts, labels, { epochs: 0 })).toThrow(
      "epochs must be a positive integer, received 0.",
    );
    expect(() => trainBagOfWords(texts, labels, { classes: 1 })).toThrow(
      "classes must be a whole number of at least 2, received 1.",
    );
  });
});
