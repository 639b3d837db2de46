import { describe, expect, test } from "vitest";
import { ConfigError } from "../errors.js";
import { decode } from "./decode.js";

describe("decode", () => {
  test("writes the words of ids and leaves padding out", () => {
    expect(decode([0, 0, 2, 1], new Map(Object.entries({ the: 1, cat: 2 })))).toBe("cat the");
  });

  test("shifts by indexFrom, skips what it is told and marks unknown ids", () => {
    expect(decode(Int32Array.of(0, 1, 5, 2, 4, 99), { the: 1, cat: 2 }, { indexFrom: 3, skip: [0, 1] })).toBe(
      "cat ? the ?",
    );
  });

  test("an index that is not one is an error", () => {
    expect(() => decode([1], null as unknown as Record<string, number>)).toThrow(ConfigError);
  });
});
