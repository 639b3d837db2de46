import { describe, expect, it } from "vitest";
import { bar, beside, columnsOf, cut, duration, fraction, padTo, wrap } from "./text-layout.js";
import { marked } from "./text-styles.js";

describe("wrap", () => {
  it("breaks at spaces and indents the further lines", () => {
    expect(wrap("the plot was hardly dull", 12, "  ")).toEqual(["the plot was", "  hardly", "  dull"]);
  });
  it("cuts a word that is too long, and keeps no empty line", () => {
    expect(wrap("aaaaabbbbb c", 5)).toEqual(["aaaaa", "bbbbb", "c"]);
    expect(wrap("", 5)).toEqual([""]);
  });
  it("indents the lines of a long word, and shows its control characters", () => {
    expect(wrap("a bbbbbb\u001bc d", 7, "  ")).toEqual(["a", "  bbbbb", "  b\\u00", "  1bc d"]);
  });
  it("takes time that grows as the word does", () => {
    const start = performance.now();
    expect(wrap("a".repeat(1_000_000), 60)).toHaveLength(Math.ceil(1_000_000 / 60));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
  it("keeps every word and no line longer than the width", () => {
    const text = "one two three four five six seven eight nine ten eleven";
    for (let width = 8; width < 30; width++) {
      const lines = wrap(text, width, "  ");
      expect(lines.map((line) => line.trim()).join(" ")).toBe(text);
      expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
    }
  });
});

describe("columns", () => {
  it("are counted without colours", () => {
    expect(columnsOf(marked("green", "green"))).toBe(5);
    expect(padTo(marked("bold", "a"), 3)).toBe(`${marked("bold", "a")}  `);
  });
  it("of control characters are those of their escapes", () => {
    expect([columnsOf("a\u001b"), cut("\u001b\u001b", 7)]).toEqual([7, "\\u001b…"]);
  });
  it("are two for emoji and East Asian characters, none for marks and joiners", () => {
    expect(["👍🏽", "👨‍👩‍👧‍👦", "🇮🇷", "1️⃣", "❤️", "中文", "می‌روم", "é", "☹"].map(columnsOf)).toEqual([
      2, 2, 2, 2, 2, 4, 5, 1, 1,
    ]);
    expect([padTo("😂", 4), cut("😂😂😂", 4), cut("😂😂", 4)]).toEqual(["😂  ", "😂…", "😂😂"]);
    expect(wrap("😂😂😂 中文字", 5)).toEqual(["😂😂", "😂", "中文", "字"]);
    expect(wrap("中文", 1)).toEqual(["中", "文"]);
  });
  it("of bars are filled to an eighth", () => {
    expect([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(7, 4), bar(1 / 32, 4)]).toEqual(["", "██", "████", "████", "▏"]);
  });
  it("of two blocks are side by side", () => {
    expect(beside(["a", "bbb"], ["x", "y", "z"], 1)).toEqual(["a   x", "bbb y", "    z"]);
  });
});

describe("numbers", () => {
  it("are written for people", () => {
    expect([fraction(0.8434), fraction(undefined), fraction(Number.NaN)]).toEqual(["0.843", "–", "–"]);
    expect([duration(4.21), duration(99.96), duration(200.4)]).toEqual(["4.2 s", "1 min 40 s", "3 min 20 s"]);
  });
});
