/** Layers that are not recurrent against Keras: outputs, masks and every gradient. */
import { describe, expect, it } from "vitest";
import type { NestedArray } from "../../src/tensor/tensor.js";
import { expectClose } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";
import { evaluate, layerOf, type Options } from "./layer-golden.js";

interface LayerCase {
  readonly name: string;
  readonly layer: Options;
  readonly inputDtype: "float" | "int";
  readonly x: NestedArray;
  readonly mask: NestedArray | null;
  readonly weights: NestedArray[];
  readonly coefficients: NestedArray;
  readonly output: NestedArray | null;
  readonly outputMask: NestedArray | null;
  readonly loss: number | null;
  readonly gradWeights: NestedArray[];
  readonly gradX: NestedArray | null;
}

/** Where we differ from Keras on purpose. */
const differs: Readonly<Record<string, string>> = {
  "globalAveragePooling1D, a row all masked gives NaN (null)": "a sequence without any valid step is 0 here",
};

describe.each(engines)("layers in %s compute what Keras computes, and every gradient", (_, engine, tolerance) => {
  const all = ["layers.json", "convolution.json"].flatMap((file) => goldenCases<LayerCase>(file));
  const cases = all.filter(({ name }) => !(name in differs));
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const { results, parameters } = await evaluate(
      layerOf(golden.layer),
      { x: golden.x, mask: golden.mask, dtype: golden.inputDtype, weights: golden.weights },
      [golden.coefficients],
      (names) => [...names, ...(golden.gradX ? ["x"] : [])],
      engine,
    );
    const check = (port: string, expected: NestedArray) => expectClose(results[port]!, flat(expected), tolerance, port);
    check("output0", golden.output!);
    check("loss", [golden.loss!]);
    for (const [i, gradient] of golden.gradWeights.entries()) check(`d_${parameters[i]}`, gradient);
    if (golden.gradX) check("d_x", golden.gradX);
    if (golden.outputMask) check("mask", golden.outputMask);
    else expect(results.mask).toBeUndefined();
  });

  it.each(Object.entries(differs))("%s: %s", async (name) => {
    const golden = goldenCases<LayerCase>("layers.json").find((candidate) => candidate.name === name)!;
    const { x, mask } = golden;
    const layer = layerOf(golden.layer);
    const { results } = await evaluate(layer, { x, mask }, [golden.coefficients], () => ["x"], engine);
    const expected = flat((golden.output as (number | null)[][]).map((row) => row.map((value) => value ?? 0)));
    expectClose(results.output0!, expected, tolerance);
    expect(results.d_x!.every(Number.isFinite)).toBe(true);
  });
});
