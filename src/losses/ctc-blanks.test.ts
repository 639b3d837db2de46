import { expect, it } from "vitest";
import { ctc } from "./ctc.js";

const problem = (data: number[], shape: number[], blank = 0) =>
  ctc({ blank }).problemIn!({ data: Int32Array.from(data), shape });

it("finds a blank between labels in whichever row it stands", () => {
  expect(problem([1, 0, 2, 3, 3, 3], [2, 3])).toMatch("example 0 have the blank 0 between them, at 1;");
  expect(problem([3, 3, 3, 1, 0, 2], [2, 3])).toMatch("example 1 have the blank 0 between them, at 1;");
  expect(problem([1, 4, 0], [1, 3], 4)).toMatch("the blank 4");
});

it("takes blanks at either end, rows of blanks and rows without", () => {
  expect(problem([0, 1, 2, 0, 0, 0, 0, 0, 1, 2, 3, 1], [3, 4])).toBeUndefined();
  expect(problem([], [2, 0])).toBeUndefined();
});
