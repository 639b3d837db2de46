import { expect, it } from "vitest";
import type { CompiledModel } from "./compiled-model.js";
import { totalsOf, valueOfSums } from "./step-totals.js";

const output = (lossName: string, lossWeight: number) => ({ lossName, lossWeight, metrics: [] });
const compiled = { outputs: [output("a", 2), output("b", 0.5)] } as unknown as CompiledModel;

it("the loss is the weighted sum of its outputs' means and of the penalty", () => {
  expect(valueOfSums(compiled, "loss", [6, 3, 8, 2])).toBe(2 * 2 + 0.5 * 4);
  expect(valueOfSums(compiled, "loss", [6, 3, 8, 2, 10, 5])).toBe(2 * 2 + 0.5 * 4 + 2);
  expect(valueOfSums(compiled, "b", [8, 1])).toBe(8);
});

it("a mean of nothing is 0", () => {
  expect(valueOfSums(compiled, "a", [0, 0])).toBe(0);
  expect(valueOfSums(compiled, "loss", [0, 0, 8, 2])).toBe(0.5 * 4);
});

it("totals hold the loss with the penalty, then the losses of several outputs", () => {
  const sums = { lossTotal: [6, 8], lossCount: [3, 2] };
  const read = (kind: string, index: number) => [sums[kind as keyof typeof sums][index]!];
  expect(totalsOf(compiled, 5, read, 0.25, [])).toEqual({
    loss: 2 * 2 + 0.5 * 4 + 0.25,
    totals: [
      { name: "loss", sums: [6, 3, 8, 2, 1.25, 5] },
      { name: "a", sums: [6, 3] },
      { name: "b", sums: [8, 2] },
    ],
  });
  const one = { outputs: [output("a", 1)] } as unknown as CompiledModel;
  expect(totalsOf(one, 5, read, undefined, [])).toEqual({ loss: 2, totals: [{ name: "loss", sums: [6, 3] }] });
});
