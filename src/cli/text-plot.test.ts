import { describe, expect, it } from "vitest";
import { columnsOf } from "../display/text-layout.js";
import { textPlot } from "./text-plot.js";

describe("textPlot", () => {
  it("draws a column a value, to an eighth of a row, between its least and its greatest value", () => {
    expect(textPlot({ title: "loss", values: [1, 0.5, 0.25, 0], width: 20, height: 2 })).toEqual([
      " loss",
      " 1.00 ┤██ ▁▁",
      " 0.00 ┤██ ██ ▅▅ ▁▁",
      "       1         4",
    ]);
  });

  it("takes the range it is told, and draws what lies outside at the border", () => {
    const lines = textPlot({ title: "", values: [2, -1], width: 20, height: 1, low: 0, high: 1 });
    expect(lines[1]).toBe(" 1.00 ┤██ ▁▁");
  });

  it("never takes more columns than it is given, however many values there are", () => {
    for (const count of [1, 2, 7, 50, 1000]) {
      for (const width of [20, 38, 80]) {
        const values = Array.from({ length: count }, (_, i) => 1 / (i + 1));
        const lines = textPlot({ title: "loss", values, width, height: 5 });
        expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
        expect(lines).toHaveLength(7);
      }
    }
  });

  it("leaves out what is not a number, and shows equal values as full columns", () => {
    const lines = textPlot({ title: "", values: [Number.NaN, 3, 3], width: 20, height: 1 });
    expect(lines[1]).toBe(" 3.00 ┤   ██ ██");
    expect(textPlot({ title: "", values: [Number.NaN], width: 20, height: 1 })[1]).toBe("  │");
  });
});
