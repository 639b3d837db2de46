import { describe, expect, it } from "vitest";
import { tokenSpans } from "./token-spans.js";

const tokens = (text: string) => tokenSpans(text).map(({ text: token }) => token);

describe("tokenSpans", () => {
  it.each([
    ["Obama's plan, he didn't say.", ["Obama", "'s", "plan", ",", "he", "did", "n't", "say", "."]],
    ["The U.S. has 3.5 million (10:30)…", ["The", "U.S.", "has", "3.5", "million", "(", "10:30", ")", "…"]],
    ["@paul see https://a.org/b?c=1, #now", ["@paul", "see", "https://a.org/b?c=1", ",", "#now"]],
    ["O'Brien and well-known DON’T", ["O'Brien", "and", "well-known", "DO", "N’T"]],
    ["می‌روم به تهران، ۱۲٫۵", ["می‌روم", "به", "تهران", "،", "۱۲٫۵"]],
    ["私は東京", ["私", "は", "東", "京"]],
    ["🇮🇷🇫🇷 1️⃣ 👍🏽👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", ["🇮🇷", "🇫🇷", "1️⃣", "👍🏽", "👨‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]],
    ["", []],
  ])("%s", (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it("cuts a line of a million characters without a space", () => {
    for (const line of ["x", "1.", "#a", "é-", "https://a/", "don't", "👍", "ـ", ".", "a.b'"].map((part) =>
      part.repeat(1e6 / part.length),
    )) {
      const found = tokenSpans(line);
      expect(found.at(-1)!.end).toBe(line.length);
    }
  });

  it("says where each token stands, behind characters of two code units, too", () => {
    for (const { text, start, end } of tokenSpans("👍🏽 Go\u00a0to 𝄞 Rome!")) {
      expect("👍🏽 Go\u00a0to 𝄞 Rome!".slice(start, end)).toBe(text);
    }
  });
});
