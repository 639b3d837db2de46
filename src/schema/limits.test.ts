import { expect, it } from "vitest";
import { flag, wholeNumber } from "../options/index.js";
import { is, list, nullable, optional, record, text } from "./schema.js";

const number = is(wholeNumber(0));

it("nullable takes null and nothing, optional nothing only", () => {
  for (const value of [undefined, null, 3]) expect(nullable(number)(value)).toBeUndefined();
  expect(nullable(is(flag))(3)).toBeDefined();
  expect(optional(number)(undefined)).toBeUndefined();
  expect(optional(number)(null)).toBeDefined();
});

it("lists hold from least to most entries, and say which limit they break", () => {
  const some = list(number, { least: 1, most: 2 });
  expect(some([1])).toBeUndefined();
  expect(some([1, 2])).toBeUndefined();
  expect(some([])!.expected).toMatch("at least 1");
  expect(some([1, 2, 3])!.expected).toMatch("at most 2");
});

it("records hold as many fields, and texts as many characters, as they may", () => {
  expect(record(number, { most: 2 })({ a: 1, b: 2 })).toBeUndefined();
  expect(record(number, { most: 2 })({ a: 1, b: 2, c: 3 })!.expected).toBe("an object of at most 2 fields");
  const short = text({ least: 1, most: 2 });
  expect([short("a"), short("ab")]).toEqual([undefined, undefined]);
  expect(short("abc")!.expected).toMatch("of at most 2 characters");
  expect(short("")).toBeDefined();
  expect(text()(3)!.expected).not.toMatch("at most");
});
