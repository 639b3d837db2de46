import { describe, expect, it } from "vitest";
import { checkGradient, randomValues } from "../../tests/conformance/run-equations.js";
import { input } from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import {
  constraints,
  l1,
  l2,
  maxNorm,
  minMaxNorm,
  orthogonalRegularizer,
  regularizers,
  resolveConstraint,
  resolveRegularizer,
} from "./index.js";

const spellings = (name: string) => [
  name,
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  name[0]!.toUpperCase() + name.slice(1),
];

describe.each(Object.keys(regularizers))("%s", (name) => {
  it("comes back from its config, whatever the spelling of its name", () => {
    const made = resolveRegularizer(name);
    expect(resolveRegularizer(JSON.parse(JSON.stringify(made.config))).config).toEqual(made.config);
    for (const spelling of spellings(name)) expect(resolveRegularizer(spelling).config).toEqual(made.config);
    expect(resolveRegularizer(made)).toBe(made);
  });

  it("has the gradient that finite differences measure", async () => {
    const w = input("w", [4, 3]);
    const made = resolveRegularizer({ type: name, ...(name === "l1l2" ? { l1: 0.3, l2: 0.7 } : {}) });
    await checkGradient({ w }, made.penalty(w), { w: randomValues(12, 3) });
  });
});

describe.each(Object.keys(constraints))("%s", (name) => {
  it("comes back from its config and keeps the shape", () => {
    const made = resolveConstraint(name);
    expect(resolveConstraint(JSON.parse(JSON.stringify(made.config))).config).toEqual(made.config);
    for (const spelling of spellings(name)) expect(resolveConstraint(spelling).config).toEqual(made.config);
    expect(resolveConstraint(made)).toBe(made);
    expect(made.apply(input("w", [4, 3])).shape).toEqual([4, 3]);
  });
});

describe("errors teach", () => {
  it.each([
    [() => resolveRegularizer("l3"), 'Unknown regularizer "l3". Known are l1, l2, l1l2, orthogonalRegularizer.'],
    [() => resolveConstraint("max"), 'Unknown constraint "max". Known are maxNorm, nonNeg, unitNorm, minMaxNorm.'],
    [() => l1({ l1: -1 }), "L1: l1 must be a number of at least 0, received -1."],
    [() => l2({ l2: Number.NaN }), "L2: l2 must be a number of at least 0, received NaN."],
    [() => orthogonalRegularizer({ mode: "all" as "rows" }), 'mode must be "rows" or "columns", received "all".'],
    [() => maxNorm({ maxValue: 0 }), "MaxNorm: maxValue must be a positive number, received 0."],
    [() => minMaxNorm({ minValue: 2 }), "MinMaxNorm: minValue must not be above maxValue"],
    [() => minMaxNorm({ rate: 2 }), "MinMaxNorm: rate must be a number in 0 … 1, received 2."],
  ])("(%#)", (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });

  it("about a weight that is not a matrix", () => {
    expect(() => orthogonalRegularizer().penalty(input("w", [3]))).toThrow(ShapeError);
  });
});
