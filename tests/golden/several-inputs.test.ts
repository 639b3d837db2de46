/** Layers of several inputs against Keras, and those that stand around a decoder: outputs, masks and every gradient. */
import { describe, expect, it } from "vitest";
import type { NestedArray } from "../../src/tensor/tensor.js";
import { expectClose } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";
import { evaluate, layerOf, type Options } from "./layer-golden.js";

interface InputsCase {
  readonly name: string;
  readonly layer: Options;
  readonly inputs: NestedArray[];
  readonly masks: (NestedArray | null)[];
  readonly weights: NestedArray[];
  readonly coefficients: NestedArray[];
  readonly outputs: NestedArray[];
  readonly outputMask: NestedArray | null;
  readonly loss: number;
  readonly gradWeights: NestedArray[];
  readonly gradInputs: NestedArray[];
}

const cases = goldenCases<InputsCase>("several-inputs.json");

async function check(golden: InputsCase, [, engine, tolerance]: (typeof engines)[number], timeMajor: boolean) {
  const [first, ...others] = golden.inputs.map((x, i) => ({ x, mask: golden.masks[i] }));
  const names = golden.inputs.map((_, i) => (i === 0 ? "x" : `x${i}`));
  const { results, parameters } = await evaluate(
    layerOf(golden.layer),
    { ...first!, others, weights: golden.weights, timeMajor },
    golden.coefficients,
    (own) => [...own, ...names],
    engine,
  );
  const compare = (port: string, expected: NestedArray) => expectClose(results[port]!, flat(expected), tolerance, port);
  for (const [i, output] of golden.outputs.entries()) compare(`output${i}`, output);
  compare("loss", [golden.loss]);
  expect(parameters).toHaveLength(golden.weights.length);
  for (const [i, gradient] of golden.gradWeights.entries()) compare(`d_${parameters[i]}`, gradient);
  for (const [i, gradient] of golden.gradInputs.entries()) compare(`d_${names[i]}`, gradient);
  if (golden.outputMask) compare("mask", golden.outputMask);
  else expect(results.mask).toBeUndefined();
}

describe.each(engines)(
  "layers of several inputs in %s compute what Keras computes, and every gradient",
  (...engine) => {
    it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
      await check(golden, engine, false);
    });
  },
);

describe("the file of several inputs", () => {
  it("agrees as well where the inputs are laid out time-major", async () => {
    for (const golden of cases) await check(golden, engines[0]!, true);
  });

  it("turns red when keys and values are exchanged, or a mask is lost", async () => {
    const withKeys = cases.filter(({ inputs }) => inputs.length === 3 && inputs[1] !== inputs[2]);
    const attending = withKeys.filter(({ layer }) => layer.type.endsWith("ttention"));
    expect(attending.length).toBeGreaterThan(4);
    for (const golden of attending) {
      const [query, value, key] = golden.inputs as [NestedArray, NestedArray, NestedArray];
      await expect(check({ ...golden, inputs: [query, key, value] }, engines[0]!, false)).rejects.toThrow();
      await expect(check({ ...golden, masks: [golden.masks[0]!, null, null] }, engines[0]!, false)).rejects.toThrow();
    }
  });
});
