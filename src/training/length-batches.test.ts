import { describe, expect, it } from "vitest";
import { lengthBatches } from "./length-batches.js";

const lengths = [3, 17, 5, 1, 9, 16, 2, 20, 8, 4];
const all = (seed: number, epoch: number, shuffle = true) => {
  const source = lengthBatches(lengths, 20, 3, shuffle);
  return Array.from({ length: source.steps }, (_, batch) => source.epoch(seed, epoch)(batch));
};

describe("batches by length", () => {
  it("hold every example once, with others of similar length, and read the steps of the longest", () => {
    const batches = all(1, 0);
    expect(batches.flatMap(({ rows }) => [...rows]).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { rows, span } of batches) {
      const longest = Math.max(...Array.from(rows, (row) => lengths[row]!));
      expect(span!.steps).toBe(Math.min(20, Math.ceil(longest / 4) * 4));
      expect(span!.length).toBe(20);
    }
    const ranges = batches.map(({ rows }) => Array.from(rows, (row) => Math.ceil(lengths[row]! / 4)));
    const inOrder = ranges.sort((a, b) => Math.max(...a) - Math.max(...b) || Math.min(...a) - Math.min(...b));
    for (let i = 1; i < inOrder.length; i++) {
      expect(Math.min(...inOrder[i]!)).toBeGreaterThanOrEqual(Math.max(...inOrder[i - 1]!));
    }
  });

  it("are equal for equal seeds and epochs, and different in another epoch", () => {
    expect(all(1, 2)).toEqual(all(1, 2));
    expect(all(1, 2)).not.toEqual(all(1, 3));
    expect(all(5, 0, false).map(({ rows }) => [...rows])).toEqual(all(6, 4, false).map(({ rows }) => [...rows]));
  });

  it("refuse lengths that the data cannot have", () => {
    expect(() => lengthBatches([3, 21], 20, 3, true)).toThrow("lengths[1] is 21; expected a whole number from 0 to 20");
    expect(() => lengthBatches([1.5], 20, 3, true)).toThrow("lengths[0] is 1.5");
  });
});
