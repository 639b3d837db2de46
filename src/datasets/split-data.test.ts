import { describe, expect, test } from "vitest";
import { ConfigError, DataError } from "../errors.js";
import { splitData, splitTexts } from "./split-data.js";

describe("splitData", () => {
  const items = Array.from({ length: 50 }, (_, i) => i);

  test("sets the fraction aside, loses nothing and keeps the order", () => {
    const { train, test } = splitData(items, 0.2, 3);
    expect([train.length, test.length]).toEqual([40, 10]);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(items);
    expect(test).toEqual([...test].sort((a, b) => a - b));
  });

  test("gives equal parts for equal seeds and others for other seeds", () => {
    expect(splitData(items, 0.2, 3)).toEqual(splitData(items, 0.2, 3));
    expect(splitData(items, 0.2, 3)).not.toEqual(splitData(items, 0.2, 4));
  });

  test("both parts always hold something", () => {
    expect(splitData([1, 2], 0.01).test).toHaveLength(1);
    expect(splitData([1, 2], 0.99).train).toHaveLength(1);
  });

  test("texts keep their labels", () => {
    const data = { texts: items.map(String), labels: Int32Array.from(items) };
    const { train, test } = splitTexts(data);
    for (const { texts, labels } of [train, test]) expect(texts.map(Number)).toEqual([...labels]);
    expect(test.texts).toHaveLength(10);
  });

  test("of every class the same share of texts is set aside, to within one", () => {
    const labels = Int32Array.from({ length: 103 }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2));
    const data = { texts: Array.from(labels, (_, i) => String(i)), labels };
    const count = (part: Int32Array) => [0, 1, 2].map((c) => part.filter((label) => label === c).length);
    const whole = count(labels);
    for (const seed of [1, 2]) {
      const { train, test } = splitTexts(data, 0.1, seed);
      count(test.labels).forEach((n, c) => {
        expect(Math.abs(n - whole[c]! * 0.1)).toBeLessThan(1);
      });
      expect(train.texts.length + test.texts.length).toBe(103);
      expect(test.texts).toHaveLength(10);
    }
  });

  test("a fraction that leaves nothing, or too few items, is an error", () => {
    for (const fraction of [0, 1, -1, Number.NaN]) expect(() => splitData(items, fraction)).toThrow(ConfigError);
    expect(() => splitData([1])).toThrow(DataError);
  });
});
