import { expect, it } from "vitest";
import { confusionMatrix } from "./confusion-matrix.js";

it("has a row and a column up to the highest class that occurs, as a truth or as an answer", () => {
  expect(confusionMatrix([0, 1, 0], [0, 0, 2])).toEqual([
    [1, 0, 1],
    [1, 0, 0],
    [0, 0, 0],
  ]);
  expect(confusionMatrix([2, 0], [0, 1])).toHaveLength(3);
  expect(confusionMatrix([0, 0], [0, 0])).toEqual([[2]]);
});

it("has as many classes as scores have", () => {
  expect(
    confusionMatrix(
      [0, 0],
      [
        [0.9, 0.1, 0],
        [0.2, 0.8, 0],
      ],
    ),
  ).toHaveLength(3);
});

it("refuses more classes than fit into memory, given or found", () => {
  expect(() => confusionMatrix([0], [0], { classes: 10_001 })).toThrow(
    "classes must be a whole number from 1 to 10000",
  );
  expect(() => confusionMatrix([0], [10_000])).toThrow("expected whole numbers from 0 to 9999");
});
