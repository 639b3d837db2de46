/** Arguments of equations that fit in kind, but not in meaning. */
import { expect, it } from "vitest";
import { gradientsThroughTime, input, mean, pick, sum } from "../../src/equations/index.js";
import { ShapeError } from "../../src/errors.js";
import { runEquations } from "./run-equations.js";

it("the mean counts an axis that is named twice once, as the sum does", async () => {
  const x = input("x", [2, 3]);
  const outputs = { twice: mean(x, [0, -2]), once: mean(x, [0]), total: sum(x, [0, -2]) };
  const found = await runEquations({ name: "means", inputs: { x }, outputs }, { x: [1, 2, 3, 5, 6, 7] });
  expect(found.twice).toEqual([3, 4, 5]);
  expect(found.once).toEqual(found.twice);
  expect(found.total).toEqual([6, 8, 10]);
});

it("gradients through time need a scalar loss, and pick needs classes", () => {
  const x = input("x", [2]);
  expect(() => gradientsThroughTime(x, [x], [])).toThrow(
    "gradientsThroughTime: the loss must be a scalar, received shape [2]",
  );
  expect(() => pick(input("s", []), input("i", [], "int"))).toThrow(ShapeError);
});
