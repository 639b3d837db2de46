import { describe, expect, it } from "vitest";
import { curvePlot } from "./curve-plot.js";

describe("curvePlot", () => {
  it("leaves out what has no place on the scale, and breaks the line there", () => {
    const svg = curvePlot([{ name: "g", values: [1, 0.1, 0, 0.01, Number.NaN, 1e-30] }], {
      labels: ["a", "b", "c", "d", "e", "f"],
      logarithmic: true,
    });
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain("<title>g, b: 0.1000</title>");
    expect(svg).toContain(">1e0<");
  });

  it("draws nothing where there is nothing, and names far fewer steps than there are", () => {
    expect(curvePlot([{ name: "g", values: [0, 0] }], { labels: ["a", "b"], logarithmic: true })).not.toContain(
      "<circle",
    );
    const labels = Array.from({ length: 600 }, (_, t) => `word ${t}`);
    const svg = curvePlot([{ name: "g", values: labels.map(() => 1) }], { labels });
    expect(svg.match(/rotate\(40\)/g)).toHaveLength(60);
  });
});
