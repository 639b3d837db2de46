import { describe, expect, it } from "vitest";
import { constant, div, exp, input, type Node, scan, slice, stacked, tanh, zeros } from "../../equations/index.js";
import { commonSubexpressions } from "./subexpressions.js";

/** Number of different values that two become. */
const distinct = (...values: Node[]) => new Set(commonSubexpressions.apply(values)).size;

const x = input("x", [4, 3]);

describe("common subexpressions", () => {
  it("are one value where operation, inputs and attributes are equal", () => {
    expect(distinct(tanh(exp(x)), tanh(exp(x)))).toBe(1);
    expect(distinct(slice(x, 0, 1, 2), slice(x, 0, 1, 2))).toBe(1);
    expect(distinct(constant([1, 2]), constant([1, 2]))).toBe(1);
  });

  it("are several values where one of those differs", () => {
    expect(distinct(tanh(x), exp(x))).toBe(2);
    expect(distinct(tanh(x), tanh(input("x", [4, 3])))).toBe(2);
    expect(distinct(slice(x, 0, 1, 2), slice(x, 0, 0, 2), slice(x, 1, 1, 2))).toBe(3);
    expect(distinct(constant([1, 2]), constant([1, 2], [2, 1]), constant([2, 1]))).toBe(3);
  });

  it("keep 0 apart from −0, whose reciprocals differ", () => {
    expect(distinct(div(1, constant(0)), div(1, constant(-0)))).toBe(2);
  });

  it("are found in the body of a loop, and among the values that leave it", () => {
    const { outputs } = scan({
      sequences: { x },
      initial: { h: zeros([3]) },
      step: ({ x }, { h }) => ({ state: { h: tanh(x) }, outputs: { one: exp(tanh(x)), other: exp(tanh(x)), h } }),
    });
    const { one, other, h } = outputs;
    expect(distinct(one, other, h)).toBe(2);
    const [loop] = one.inputs as [Parameters<typeof stacked>[0]];
    const { of } = one.attributes as { of: Node };
    expect(distinct(one, stacked(loop, of))).toBe(1);
  });
});
