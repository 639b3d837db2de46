import { describe, expect, it } from "vitest";
import { tensor } from "../tensor/tensor.js";
import type { LayerInspection } from "./inspection.js";
import { responsiveUnits } from "./responsive-units.js";

// Two examples of three steps and two units.
const values = tensor(Float64Array.of(9, 9, 9, 9, 9, 9, 0.5, 0.1, 0.5, -0.8, 0.4, -0.7), [2, 3, 2]);
const layer = (more: Partial<LayerInspection> = {}) =>
  ({ backward: false, states: { h: { values } }, ...more }) as unknown as LayerInspection;

describe("responsiveUnits", () => {
  it("ranks units by how far their state moves, and says where it moves furthest", () => {
    const [first, second] = responsiveUnits(layer(), { example: 1 });
    expect(first).toMatchObject({ unit: 1, step: 1, from: 0.1, to: -0.8 });
    expect(first!.movement).toBeCloseTo(0.1 + 0.9 + 0.1, 12);
    expect(second).toMatchObject({ unit: 0, step: 0, from: 0, to: 0.5 });
    expect(second!.movement).toBeCloseTo(0.6, 12);
    expect(responsiveUnits(layer(), { example: 1, count: 1 })).toEqual([first]);
  });

  it("takes the steps of a backward layer from the end", () => {
    const [first] = responsiveUnits(layer({ backward: true }), { example: 1 });
    expect(first).toMatchObject({ unit: 1, step: 0, from: -0.8, to: 0.1 });
  });

  it("leaves padding out", () => {
    const mask = tensor(Float32Array.of(1, 1, 1, 0, 1, 1), [2, 3]);
    const [first] = responsiveUnits(layer({ mask }), { example: 1 });
    expect(first).toMatchObject({ unit: 1, step: 1, from: 0, to: -0.8 });
  });
});
