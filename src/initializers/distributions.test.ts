import { expect, it } from "vitest";
import { Random } from "../tensor/random.js";
import { fans } from "./fans.js";
import { type Initializer, initializers, resolveInitializer } from "./index.js";

const numbers = (made: Initializer, count = 4000): number[] => [...made.values([count], new Random(3))];
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
};

it("constants are what they are called", () => {
  expect(numbers(initializers.ones(), 3)).toEqual([1, 1, 1]);
  expect(numbers(initializers.zeros(), 3)).toEqual([0, 0, 0]);
  expect(numbers(initializers.constant({ value: -2 }), 3)).toEqual([-2, -2, -2]);
  expect(numbers(initializers.constant(), 3)).toEqual([0, 0, 0]);
});

it("randomUniform fills its range evenly", () => {
  for (const [made, low, high] of [
    [initializers.randomUniform({ minval: 2, maxval: 5 }), 2, 5],
    [initializers.randomUniform(), -0.05, 0.05],
  ] as const) {
    const values = numbers(made);
    const width = high - low;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
    expect(Math.min(...values)).toBeLessThan(low + width / 100);
    expect(Math.max(...values)).toBeLessThan(high);
    expect(Math.max(...values)).toBeGreaterThan(high - width / 100);
    expect(Math.abs(meanOf(values) - (low + high) / 2)).toBeLessThan(width / 30);
  }
});

it("the normal ones have their mean and their deviation; the truncated one ends at two deviations", () => {
  const normal = numbers(initializers.randomNormal({ mean: 3, stddev: 0.5 }));
  expect(meanOf(normal)).toBeCloseTo(3, 1);
  expect(deviationOf(normal)).toBeCloseTo(0.5, 1);
  expect(Math.max(...normal)).toBeGreaterThan(4.1);
  const truncated = numbers(initializers.truncatedNormal({ mean: 3, stddev: 0.5 }));
  expect(meanOf(truncated)).toBeCloseTo(3, 1);
  expect(Math.min(...truncated)).toBeGreaterThanOrEqual(2);
  expect(Math.min(...truncated)).toBeLessThan(2.05);
  expect(Math.max(...truncated)).toBeLessThanOrEqual(4);
  expect(Math.max(...truncated)).toBeGreaterThan(3.95);
  const usual = numbers(initializers.randomNormal());
  expect(Math.abs(meanOf(usual))).toBeLessThan(0.005);
  expect(deviationOf(usual)).toBeCloseTo(0.05, 2);
});

it("a weight that is one number has one input and one output", () => {
  expect(fans([])).toEqual({ fanIn: 1, fanOut: 1 });
  expect(fans([7])).toEqual({ fanIn: 7, fanOut: 7 });
  const [value] = initializers.glorotUniform().values([], new Random(1));
  expect(Math.abs(value!)).toBeLessThanOrEqual(Math.sqrt(3));
});

it("an initializer stands for itself", () => {
  const own: Initializer = { config: { type: "Own" }, values: ([size]) => new Float64Array(size!).fill(0.5) };
  expect(resolveInitializer(own)).toBe(own);
});
