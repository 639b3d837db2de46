import { describe, expect, it } from "vitest";
import { orthogonal } from "../initializers/index.js";
import { Random } from "../tensor/random.js";
import { eigenvalues, spectralRadius } from "./eigenvalues.js";

const sorted = (values: readonly (readonly [number, number])[]) =>
  values.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]).map(([re, im]) => [re, im]);

/** det(A − λ·1) by elimination over complex numbers, relative to the size of the entries: 0 at an eigenvalue. */
function smallestPivot(matrix: Float64Array, n: number, [re, im]: readonly [number, number]): number {
  const a = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j): [number, number] => [matrix[i * n + j]! - (i === j ? re : 0), i === j ? -im : 0]),
  );
  let smallest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < n; k++) {
    // Full pivoting makes the last pivot tell the rank.
    let [row, column] = [k, k];
    for (let i = k; i < n; i++)
      for (let j = k; j < n; j++)
        if (Math.hypot(...a[i]![j]!) > Math.hypot(...a[row]![column]!)) [row, column] = [i, j];
    [a[k], a[row]] = [a[row]!, a[k]!];
    for (const line of a) [line[k], line[column]] = [line[column]!, line[k]!];
    const [pr, pi] = a[k]![k]!;
    const size = pr * pr + pi * pi;
    smallest = Math.min(smallest, Math.sqrt(size));
    if (size === 0) return 0;
    for (let i = k + 1; i < n; i++) {
      const [xr, xi] = a[i]![k]!;
      const f = [(xr * pr + xi * pi) / size, (xi * pr - xr * pi) / size] as const;
      for (let j = k; j < n; j++) {
        const [yr, yi] = a[k]![j]!;
        a[i]![j]![0] -= f[0] * yr - f[1] * yi;
        a[i]![j]![1] -= f[0] * yi + f[1] * yr;
      }
    }
  }
  return smallest;
}

describe("eigenvalues", () => {
  it("knows diagonals, triangles and rotations", () => {
    expect(eigenvalues([7], 1)).toEqual([[7, 0]]);
    expect(sorted(eigenvalues([2, 5, 0, -3], 2))).toEqual([
      [-3, 0],
      [2, 0],
    ]);
    const [c, s] = [0.9 * Math.cos(1), 0.9 * Math.sin(1)];
    expect(spectralRadius([c, -s, s, c], 2)).toBeCloseTo(0.9, 14);
    expect(sorted(eigenvalues([0, 1, 0, 0, 0, 1, 1, 0, 0], 3)).map(([re]) => re)[2]).toBeCloseTo(1, 12);
    expect(spectralRadius(new Float64Array(9), 3)).toBe(0);
  });

  it.each([3, 4, 7, 16, 33])("makes A − λ·1 singular for a random matrix of %s rows", (n) => {
    const random = new Random(n);
    const matrix = Float64Array.from({ length: n * n }, () => random.uniform() * 2 - 1);
    const values = eigenvalues(matrix, n);
    expect(values).toHaveLength(n);
    for (const value of values) expect(smallestPivot(matrix, n, value)).toBeLessThan(1e-9);
    const trace = Array.from({ length: n }, (_, i) => matrix[i * n + i]!).reduce((sum, x) => sum + x, 0);
    expect(values.reduce((sum, [re]) => sum + re, 0)).toBeCloseTo(trace, 9);
    expect(values.reduce((sum, [, im]) => sum + im, 0)).toBeCloseTo(0, 9);
    expect(values.some(([, im]) => im !== 0)).toBe(n > 3);
  });

  it("finds 1 for an orthogonal matrix, where power iteration does not settle", () => {
    const matrix = orthogonal().values([24, 24], new Random(3));
    for (const [re, im] of eigenvalues(matrix, 24)) expect(Math.hypot(re, im)).toBeCloseTo(1, 12);
  });

  it("refuses numbers that are not finite", () => {
    expect(() => eigenvalues([1, Number.NaN, 0, 1], 2)).toThrow("not finite");
  });
});
