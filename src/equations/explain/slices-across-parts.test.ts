import { expect, it } from "vitest";
import { cellOf } from "../../../tests/conformance/sample-cells.js";
import { add, concat, slice, tanh } from "../index.js";
import { explainEquations } from "./index.js";

/** h(t) = tanh(h(t−1) + some columns of [x(t), h(t−1)]). */
const cell = (start: (features: number) => number) =>
  cellOf(
    "across",
    () => ({}),
    ["h"],
    ({ x, h }) => {
      const joined = concat([x!, h!], 1);
      const next = tanh(add(h!, slice(joined, 1, start(x!.shape[1]!), h!.shape[1]!)));
      return { output: next, h: next };
    },
  );
const right = (start: (features: number) => number) => explainEquations(cell(start)).forward[0]!.right;

it("a slice that ends where a part ends is that part", () => {
  expect(right((features) => features)).toBe("tanh(2h(t−1))");
});

it("a slice across the border of two parts is not written as one of them", () => {
  expect(right((features) => features - 1)).toBe("tanh(h(t−1) + concat(x(t), h(t−1))[h])");
});
