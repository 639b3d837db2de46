import { describe, expect, it } from "vitest";
import { describePlaces, matchLabels } from "./label-classes.js";

const matched = (classNames: string[], labels: string[]) => Object.fromEntries(matchLabels(labels, classNames));

describe("matchLabels", () => {
  it("takes labels as they are before any other spelling", () => {
    expect(matched(["0", "1", "2"], ["1", "0"])).toEqual({ "1": 1, "0": 0 });
    expect(matched(["Good", "good", "bad"], ["good", "Good", "BAD", "GOOD"])).toEqual({ good: 1, Good: 0, BAD: 2 });
  });
  it("knows the names of negative and positive, where those are the classes", () => {
    expect(matched(["negative", "positive"], ["0", "POS", "Neg", "2"])).toEqual({ "0": 0, POS: 1, Neg: 0 });
    expect(matched(["pos", "neg"], ["1", "negative"])).toEqual({ "1": 0, negative: 1 });
    expect(matched(["0", "1", "2"], ["neg", "positive"])).toEqual({});
  });
  it("knows numbers, whatever they are written like", () => {
    expect(matched(["-1", "0", "2"], ["+2", "2.0", "-01", "00", "1", "2.5"])).toEqual({
      "+2": 2,
      "2.0": 2,
      "-01": 0,
      "00": 1,
    });
  });
  it("is not misled by property names that every object has", () => {
    expect(matched(["a", "b"], ["__proto__", "constructor"])).toEqual({});
  });
});

describe("describePlaces", () => {
  const place = (rows: number[], count = rows.length) => ({ source: "a.csv", rows, count });
  it("names rows in their order, and says how many more there are", () => {
    expect(describePlaces([["c", place([3])]])).toBe('a.csv, row 3: the label "c"');
    expect(
      describePlaces([
        ["c", place([9, 12])],
        ["d", place([4], 7)],
      ]),
    ).toBe('a.csv, rows 4, 9, 12 and 6 more: the labels "c", "d"');
  });
  it("names the folder where there are no rows", () => {
    expect(describePlaces([["c", { source: "train/c", rows: [], count: 5 }]])).toBe('train/c: the label "c"');
  });
});
