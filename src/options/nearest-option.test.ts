import { expect, it } from "vitest";
import { nearestOption } from "./nearest-option.js";

it.each<[string, string, readonly string[], string | undefined]>([
  ["another case and underscores", "Return_State", ["units", "returnState"], "returnState"],
  ["an alias that is known here", "vocab_size", ["limit", "size"], "size"],
  ["an alias that is unknown here", "vocab_size", ["units"], undefined],
  ["the first four letters of one name", "acti", ["units", "activation"], "activation"],
  ["the first three letters only", "act", ["units", "activation"], undefined],
  ["the beginning of two names", "retu", ["returnState", "returnSequences"], undefined],
  ["one other letter in three", "tan", ["ran"], "ran"],
  ["two other letters in four", "abcd", ["abxy"], undefined],
  ["two other letters in seven", "abcdefg", ["abcdexy"], undefined],
  ["two other letters in eight", "abcdefgh", ["abcdefxy"], "abcdefxy"],
  ["three other letters in eight", "abcdefgh", ["abcdexyz"], undefined],
  ["two neighbours swapped", "unist", ["units"], "units"],
  ["the first two swapped", "nuits", ["units"], "units"],
  ["a letter too many", "unitss", ["axes", "units"], "units"],
  ["a letter too few", "unts", ["axes", "units"], "units"],
  ["the nearer of two", "abcdefgh", ["abcdefxy", "abcdefgx"], "abcdefgx"],
  ["100 letters, one wrong", `${"a".repeat(99)}b`, ["a".repeat(100)], "a".repeat(100)],
  ["more than 100 letters", `${"a".repeat(100)}b`, ["a".repeat(101)], undefined],
  ["no known names", "units", [], undefined],
])("%s", (_, given, known, nearest) => {
  expect(nearestOption(given, known)).toBe(nearest);
});
