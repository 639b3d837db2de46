import { describe, expect, it } from "vitest";
import { isPersian } from "./is-persian.js";

describe("isPersian", () => {
  it.each([
    [["این گوشی خوب است", "an aside"], true],
    [["هذا الهاتف جيد"], false],
    [["a text that quotes گل"], false],
    [[], false],
  ])("of %j is %j", async (texts, expected) => {
    expect(await isPersian(texts)).toBe(expected);
  });
});
