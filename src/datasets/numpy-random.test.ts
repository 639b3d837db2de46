import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../errors.js";
import { NumpyRandom } from "./numpy-random.js";

const golden = JSON.parse(
  readFileSync(new URL("../../tests/golden/utilities/randomstate113_shuffle.json", import.meta.url), "utf8"),
) as {
  seed: number;
  first_uint32: number[];
  shuffle_arange_small: Record<string, number[]>;
  train_first20: number[];
  train_last5: number[];
  test_first20: number[];
  test_last5: number[];
};

describe("NumpyRandom", () => {
  test("draws NumPy's 32-bit numbers", () => {
    const random = new NumpyRandom(golden.seed);
    expect(golden.first_uint32.map(() => random.bits())).toEqual(golden.first_uint32);
  });

  test("shuffles short lists as NumPy does", () => {
    for (const [length, order] of Object.entries(golden.shuffle_arange_small)) {
      const numbers = Array.from({ length: Number(length) }, (_, i) => i);
      expect(new NumpyRandom(golden.seed).shuffle(numbers)).toEqual(order);
    }
  });

  test("orders 25,000 training and then 25,000 test reviews as NumPy does", () => {
    const random = new NumpyRandom(golden.seed);
    const train = [...random.permutation(25000)];
    const test = [...random.permutation(25000)];
    expect(train.slice(0, 20)).toEqual(golden.train_first20);
    expect(train.slice(-5)).toEqual(golden.train_last5);
    expect(test.slice(0, 20)).toEqual(golden.test_first20);
    expect(test.slice(-5)).toEqual(golden.test_last5);
  });

  test("refuses a seed that NumPy refuses", () => {
    for (const seed of [-1, 1.5, 2 ** 32, Number.NaN]) expect(() => new NumpyRandom(seed)).toThrow(ConfigError);
  });
});
