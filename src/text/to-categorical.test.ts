import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ConfigError, DataError } from "../errors.js";
import { type NestedArray, toNested } from "../tensor/tensor.js";
import { toCategorical } from "./to-categorical.js";

const golden = JSON.parse(
  readFileSync(new URL("../../tests/golden/utilities/to_categorical.json", import.meta.url), "utf8"),
) as { cases: { x: NestedArray; num_classes?: number | null; output?: unknown; error?: string }[] };

describe("toCategorical", () => {
  for (const { x, num_classes, output, error } of golden.cases) {
    const title = `${JSON.stringify(x)} with ${num_classes ?? "default"} classes`;
    if (error !== undefined) {
      test(`refuses ${title} as Keras does`, () => {
        expect(() => toCategorical(x, num_classes ?? undefined)).toThrow(DataError);
      });
    } else {
      test(`gives Keras's result for ${title}`, () => {
        expect(toNested(toCategorical(x, num_classes ?? undefined))).toEqual(output);
      });
    }
  }

  test("a label below the first class names the label and the range", () => {
    expect(() => toCategorical([0, -4], 3)).toThrow(/element 1 is -4, but with 3 classes labels run from 0 to 2/);
  });

  test("a label that is not a number, or no classes at all, is an error", () => {
    expect(() => toCategorical([Number.NaN])).toThrow(DataError);
    expect(() => toCategorical([])).toThrow(ConfigError);
    expect(() => toCategorical([-1])).toThrow(ConfigError);
    expect(() => toCategorical([0], 0.5)).toThrow(ConfigError);
  });
});
