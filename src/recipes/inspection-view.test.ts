import { describe, expect, it } from "vitest";
import { columnsOf } from "../display/text-layout.js";
import { inspect, referenceEngine, sequential, tensor } from "../index.js";
import { dense, embedding, simpleRNN } from "../layers/index.js";
import { inspectionView } from "./inspection-view.js";

async function view(width: number, truncation?: { window: number; stride: number }) {
  const layers = [embedding(5, 3, { maskZero: true }), simpleRNN(40, { truncation }), dense(1)];
  const model = sequential(layers, { engine: referenceEngine, seed: 1 })
    .compile({ loss: "meanSquaredError" })
    .build([null, 5]);
  const inspection = await inspect(model, tensor(Int32Array.of(0, 2, 3, 1, 4), [1, 5]), [[1]]);
  const labels = ["", "a", "ratherlongforaword", "b", "c"];
  return inspectionView(inspection, labels, { width, style: (_, text) => text });
}

describe("inspectionView", () => {
  it("has one line a step that fits, and says which is padding", async () => {
    const lines = await view(80);
    const steps = lines.slice(-5);
    expect(steps.map((line) => line.trim().split(/\s+/)[0])).toEqual(["1", "2", "3", "4", "5"]);
    expect(steps[0]).toMatch(/padding$/);
    expect(steps[2]).toContain("ratherlongforaw…");
    for (const line of steps.slice(1)) expect(columnsOf(line)).toBeLessThanOrEqual(80);
    expect(steps[4]).toMatch(/ {2}5 c +\d\.\de[+-]\d █+\S* +-?\d+\.\d% {2}[▁-█]{20}$/);
    expect(lines.join("\n")).toMatch(/spectral radius of recurrent_kernel: 1\.00/);
    expect(lines.at(-6)).toContain("(20 of 40)");
  });

  it("shows where gradients are cut", async () => {
    expect((await view(80, { window: 2, stride: 2 })).join("\n")).toContain(
      "truncated to 2 steps, every 2: gradients are cut before step 3, 5",
    );
  });
});
