/** Activations against Keras: values, and slopes. */
import { describe, expect, it } from "vitest";
import { activations, resolveActivation } from "../../src/activations/index.js";
import { constant, differentiate, input, mul, sum } from "../../src/equations/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";

interface ActivationCase {
  readonly name: string;
  readonly x: NestedArray;
  readonly coefficients: NestedArray;
  readonly output: NestedArray;
  readonly gradient: NestedArray;
}

const cases = goldenCases<ActivationCase>("activations.json");
/** How near TensorFlow, which made the file, is where it works with rounded constants. */
const roundings: Readonly<Record<string, number>> = { gelu: 1e-7, leaky_relu: 1e-7 };

describe.each(engines)("activations in %s are Keras's", (_, engine, tolerance) => {
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (name, golden) => {
    const agreement = Math.max(tolerance, roundings[name] ?? 0);
    const { data, shape } = toTensor(golden.x);
    const x = input("x", shape);
    const y = resolveActivation(name)(x);
    const d = differentiate(sum(mul(y, constant(flat(golden.coefficients), shape))), [x])[0]!;
    const result = await runEquations({ name, inputs: { x }, outputs: { y, d } }, { x: data }, { engine });
    expectClose(result.y!, flat(golden.output), agreement, "value");
    expectClose(result.d!, flat(golden.gradient), agreement, "slope");
  });
});

describe("the file of activations", () => {
  it("holds all there are", () => {
    const held = new Set(cases.map(({ name }) => resolveActivation(name)));
    expect(Object.values(activations).filter((activation) => !held.has(activation))).toEqual([]);
  });
});
