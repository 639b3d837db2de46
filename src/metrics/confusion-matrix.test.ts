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
