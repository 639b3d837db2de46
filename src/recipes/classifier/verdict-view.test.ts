import { describe, expect, it } from "vitest";
import type { TextInspection } from "./inspect-text.js";
import { responsiveLines, verdictLines } from "./verdict-view.js";

const found = {
  words: ["not", "bad"],
  label: "positive",
  verdicts: [
    { negative: 0.75, positive: 0.25 },
    { negative: 0.5 - 2 ** -5, positive: 0.5 + 2 ** -5 },
  ],
  responsive: [{ layer: "gru", units: [{ unit: 2, movement: 1.25, step: 1, from: 0.5, to: -0.25 }] }],
} as unknown as TextInspection;

describe("verdicts after each word", () => {
  it("are a number, a bar and the most probable class", () => {
    expect(verdictLines(found)).toEqual([
      "           positive",
      `     1 not  0.250 ${"█".repeat(6)}${" ".repeat(18)} negative`,
      `     2 bad  0.531 ${"█".repeat(12)}▊${" ".repeat(11)} positive`,
    ]);
  });
});

describe("responsive units", () => {
  it("are named with the word that moved them most", () => {
    expect(responsiveLines(found)).toEqual(["  gru", "    unit   3  moves 1.25, most at “bad”: 0.50 → −0.25"]);
  });
});
