import { expect, it } from "vitest";
import { classificationReport, confusionMatrix } from "./confusion-matrix.js";

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

it("takes the first of equal scores, and refuses scores with other axes", () => {
  expect(
    confusionMatrix(
      [0, 1],
      [
        [0.5, 0.5],
        [0.1, 0.1],
      ],
    ),
  ).toEqual([
    [1, 0],
    [1, 0],
  ]);
  expect(() => confusionMatrix([0, 0], [[1], [1]])).toThrow("at least two classes");
  expect(() =>
    confusionMatrix(
      [0, 0, 0],
      [
        [1, 2],
        [1, 2],
      ],
    ),
  ).toThrow("at least two classes");
});

it("reports on square matrices of counts only", () => {
  expect(
    classificationReport([
      [2, 0],
      [1, 1],
    ]),
  ).toBeDefined();
  for (const matrix of [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [1, 2],
    [
      [1, -1],
      [0, 1],
    ],
  ]) {
    expect(() => classificationReport(matrix as number[][])).toThrow(
      "must be square, with counts that are not negative",
    );
  }
  expect(() => classificationReport("1" as unknown as number[][])).toThrow("rows of counts");
});

it("needs a name for each class of the report", () => {
  const matrix = [
    [2, 0],
    [1, 1],
  ];
  expect(() => classificationReport(matrix, ["a"])).toThrow("2 classes need as many names, received 1");
  expect(() => classificationReport(matrix, ["a", 1] as string[])).toThrow("names[1]");
});
