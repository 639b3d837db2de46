import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import { safePattern } from "./safe-pattern.js";

// As their files have them.
const published = {
  gpt2: "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  gpt4: "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  gpt4o:
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  deepSeek:
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  bloom: " ?[^(\\s|[.,!?…。，、।۔،])]+",
  albert: " {2,}",
  digits: "\\d{1,3}(?=(?:\\d{3})*\\b)",
  chinese: "[一-龥぀-ゟ゠-ヿ]+",
};

describe("safePattern", () => {
  it.each(Object.entries(published))("takes %s", (_, pattern) => {
    expect(safePattern(pattern, "t.json")).toBeTypeOf("string");
  });

  it("leaves alternatives that are known as they are, and gives others an end", () => {
    expect(safePattern("\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+", "t")).toBe("\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
    expect(safePattern(" ?\\p{L}+|[a-z]*?x|\\d{2,}", "t")).toBe(" ?\\p{L}{1,256}|[a-z]{0,256}?x|\\d{2,256}");
  });

  it.each([
    "(a+)+$",
    "(a*)*b",
    "(.*,){25}x",
    "(a|a)*$",
    "(a|aa)+$",
    "(?:\\w|\\d)+$",
    "([a-z]+)*",
    "(a?){40}a{40}",
    "\\s*\\s*\\s*x",
    ".*.*=.*",
    ".*,.*,.*x",
    "\\w+\\d+x",
    "[^a]*b[^c]*d",
    "(a)\\1",
    "(?<x>a)\\k<x>",
    "(?=(a+)+$)b",
    "(?:(?:a{0,100}){0,100})",
    "a{0,200}[ab]{0,200}c",
    "(?:a+)+?",
    "(?>a+)+",
    "(?:ab?)*c",
    "a{100000}",
    "(?:a{100}){200}",
    `${"a?".repeat(30)}${"a".repeat(30)}`,
    `${"(?:a|a)".repeat(30)}b`,
    `${"a{0,15}".repeat(6)}b`,
    "(",
    ")",
    "[a",
    "*",
    "(".repeat(100) + ")".repeat(100),
  ])("refuses %s", (pattern) => {
    expect(() => safePattern(pattern, "t.json")).toThrow(FormatError);
  });

  it("leaves no pattern that takes more than linear time for a long text", () => {
    const text = `${"a".repeat(100_000)} ${" ".repeat(50_000)}${"1,".repeat(20_000)}b`;
    for (const pattern of [...Object.values(published), "a+$", "\\s+x", "[^,]+,x", "(?:ab)+c", "\\w+@"]) {
      let safe: RegExp;
      try {
        safe = new RegExp(safePattern(pattern, "t"), "gu");
      } catch (error) {
        if (error instanceof SyntaxError) continue; // as the library rewrites it
        throw error;
      }
      const begin = performance.now();
      for (const _ of text.matchAll(safe));
      expect(performance.now() - begin, pattern).toBeLessThan(2000);
    }
  });
});
