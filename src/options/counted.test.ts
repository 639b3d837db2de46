import { expect, it } from "vitest";
import { counted } from "./index.js";

it("numbers of things agree with their nouns", () => {
  expect([0, 1, 2].map((count) => counted(count, "step"))).toEqual(["0 steps", "1 step", "2 steps"]);
  expect([1, 2].map((count) => counted(count, "axis", "axes"))).toEqual(["1 axis", "2 axes"]);
});
