import { expect, it } from "vitest";
import { Random } from "./random.js";

it("gives the same bits for a seed as ever: weights and orders of published results follow from them", () => {
  const first = new Random(1);
  expect([first.bits(), first.bits(), first.bits()]).toEqual([393288148, 2174103013, 3814759091]);
  const second = new Random(-2);
  expect([second.bits(), second.bits(), second.bits()]).toEqual([2992038950, 978497859, 1195448800]);
});

it("makes fractions, normal and whole numbers of its bits", () => {
  const random = new Random(1);
  expect(random.uniform()).toBeCloseTo(0.09156953175513294, 12);
  expect(random.normal()).toBeCloseTo(-1.917315137887491, 9);
  expect(random.integer(1000)).toBe(746);
});
