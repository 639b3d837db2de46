import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { classifierOptions } from "./classifier/classifier-options.js";
import { choice, integer, number, optionProblem } from "./option-schema.js";
import { resolveOptions } from "./resolve-options.js";

const schema = {
  units: integer(32, [1, 64], "state"),
  rate: number(0.5, [0, 1], "dropout"),
  encoder: choice("last", ["last", "mean"], "what is seen"),
} as const;

describe("resolveOptions", () => {
  it("fills in what was not given", () => {
    expect(resolveOptions("recipe", schema, {})).toEqual({ units: 32, rate: 0.5, encoder: "last" });
    expect(resolveOptions("recipe", schema, { units: 4, encoder: "mean" })).toEqual({
      units: 4,
      rate: 0.5,
      encoder: "mean",
    });
    expect(resolveOptions("recipe", schema, { rate: 0 }).rate).toBe(0);
  });
  it("names the option, its range and the value that does not fit", () => {
    expect(() => resolveOptions("recipe", schema, { units: 0 })).toThrow(
      "recipe: units must be a whole number from 1 to 64, received 0.",
    );
    expect(() => resolveOptions("recipe", schema, { rate: Number.NaN })).toThrow(ConfigError);
    expect(() => resolveOptions("recipe", schema, { encoder: "max" as "mean" })).toThrow(
      "encoder must be one of last, mean",
    );
    expect(() => resolveOptions("recipe", schema, { unit: 3 } as object)).toThrow(
      'there is no option "unit"; did you mean units? There are units, rate, encoder.',
    );
    expect(() => resolveOptions("recipe", schema, { toString: 3 } as object)).toThrow("there is no option");
  });
});

describe("classifierOptions", () => {
  it.each(Object.entries(classifierOptions))("%s has a default within its range and says what it does", (_, spec) => {
    expect(optionProblem(spec, spec.default)).toBeUndefined();
    expect(spec.help.length).toBeGreaterThan(10);
  });
});
