import { describe, expect, it } from "vitest";
import { scoresOf } from "./predict-texts.js";
import { reportTable } from "./report-view.js";

const scores = scoresOf(Int32Array.of(0, 0, 0, 1, 1, 2), Int32Array.of(0, 0, 1, 1, 0, 2), ["bad", "good", "so-so"]);

describe("reportTable", () => {
  it("has a row a class, their mean, and what was taken for what", () => {
    expect(reportTable(scores, 80)).toEqual([
      "  class  precision   recall       F1    texts",
      "  bad        0.667    0.667    0.667        3",
      "  good       0.500    0.500    0.500        2",
      "  so-so      1.000    1.000    1.000        1",
      "  macro      0.722    0.722    0.722        6",
      "",
      "  is ↓  taken for →",
      "           bad   good  so-so",
      "  bad        2      1      0",
      "  good       1      1      0",
      "  so-so      0      0      1",
    ]);
  });

  it("names the most frequent confusions where a matrix is too wide", () => {
    expect(reportTable(scores, 24).slice(6)).toEqual([
      "  taken for another most often",
      "  bad    as good   1 ×",
      "  good   as bad    1 ×",
    ]);
  });
});
