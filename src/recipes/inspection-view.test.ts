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

  it("has a block for each eighth of the way from −1 to 1", async () => {
    const values = [-1, -0.72, -0.43, -0.14, 0.14, 0.43, 0.72, 1, -7, 7];
    const layers = [simpleRNN(values.length), dense(1)];
    const model = sequential(layers, { engine: referenceEngine, seed: 1 })
      .compile({ loss: "meanSquaredError" })
      .build([null, 1, 2]);
    const inspection = await inspect(model, [[[1, 2]]], [[1]]);
    const [layer] = inspection.layers;
    const h = layer!.states.h!;
    const states = { h: { ...h, values: { data: Float64Array.from(values), shape: [1, 1, values.length] } } };
    const changed = { ...inspection, layers: [{ ...layer!, states }] };
    const lines = inspectionView(changed, ["a"], { width: 80, style: (_, text) => text });
    expect(lines.at(-1)).toMatch(/ {2}▁▂▃▄▅▆▇█▁█$/);
    // Without a recurrent kernel, the share is that of the first weight.
    const [first] = Object.values(layer!.weights);
    const without = { ...changed, layers: [{ ...changed.layers[0]!, recurrentKernels: [] }] };
    const shares = {
      ...without.layers[0]!,
      weights: { first: { ...first!, shares: [0.25] }, second: { ...first!, shares: [0.5] } },
    };
    const [line] = inspectionView({ ...without, layers: [shares] }, ["a"], {
      width: 80,
      style: (_, text) => text,
    }).slice(-1);
    expect(line).toContain("25.0%");
  });
});
