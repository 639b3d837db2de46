import { describe, expect, it } from "vitest";
import { checkGradient, expectClose, runEquations, weightedSum } from "../../tests/conformance/run-equations.js";
import { wasmEngine } from "../engines/wasm/wasm-engine.js";
import { differentiate, input, type Node, sum } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { activationConfig, activations, linear, resolveActivation, silu } from "./index.js";

const x = input("x", [3, 5]);
/** On both sides of every bend, but never on one. */
const values = { x: [-9.5, -3.1, -1.4, -0.6, -0.2, 0.1, 0.4, 0.9, 1.3, 2.2, 3.4, 5.5, 6.5, 8, 0.7] };
const sigma = (z: number) => 1 / (1 + Math.exp(-z));

/** Each in one line of ordinary arithmetic. */
const definitions: Record<string, (z: number) => number> = {
  linear: (z) => z,
  relu: (z) => Math.max(z, 0),
  relu6: (z) => Math.min(Math.max(z, 0), 6),
  leakyRelu: (z) => (z > 0 ? z : 0.2 * z),
  elu: (z) => (z > 0 ? z : Math.exp(z) - 1),
  selu: (z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * (Math.exp(z) - 1)),
  softplus: (z) => Math.log(1 + Math.exp(z)),
  softsign: (z) => z / (1 + Math.abs(z)),
  silu: (z) => z * sigma(z),
  hardSilu: (z) => z * Math.min(Math.max(z / 6 + 0.5, 0), 1),
  mish: (z) => z * Math.tanh(Math.log(1 + Math.exp(z))),
  tanh: Math.tanh,
  hardTanh: (z) => Math.min(Math.max(z, -1), 1),
  sigmoid: sigma,
  hardSigmoid: (z) => Math.min(Math.max(z / 6 + 0.5, 0), 1),
  logSigmoid: (z) => Math.log(sigma(z)),
  exponential: Math.exp,
  squareplus: (z) => (z + Math.sqrt(z * z + 4)) / 2,
  softShrink: (z) => Math.sign(z) * Math.max(Math.abs(z) - 0.5, 0),
  hardShrink: (z) => (Math.abs(z) > 0.5 ? z : 0),
  tanhShrink: (z) => z - Math.tanh(z),
  sparsePlus: (z) => (z <= -1 ? 0 : z >= 1 ? z : (z + 1) ** 2 / 4),
  sparseSigmoid: (z) => Math.min(Math.max((z + 1) / 2, 0), 1),
};

describe.each(Object.entries(activations))("%s", (name, activation) => {
  it("keeps the shape and has the gradient that finite differences measure", async () => {
    expect(activation(x).shape).toEqual([3, 5]);
    await checkGradient({ x }, weightedSum(activation(x)), values);
  });

  it("is what its definition says, in float64 and float32", async () => {
    const equations = { name, inputs: { x }, outputs: { y: activation(x) } };
    const { y } = await runEquations(equations, values);
    if (definitions[name]) expectClose(y!, values.x.map(definitions[name]), 1e-12);
    const { y: single } = await runEquations(equations, values, { engine: wasmEngine });
    expectClose(single!, y!, 1e-6);
  });

  it("stays finite for large arguments, with a finite gradient", async () => {
    const large = input("x", [1, 3]);
    const y = activation(large);
    const outputs = { y, d: differentiate(sum(y), [large])[0]! };
    const result = await runEquations({ name, inputs: { x: large }, outputs }, { x: [-300, 0, 300] });
    expect([...result.y!, ...result.d!].every(Number.isFinite)).toBe(true);
  });

  it("is found by its name in Keras's spelling, and named in a config", () => {
    expect(resolveActivation(name)).toBe(activation);
    expect(resolveActivation(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))).toBe(activation);
    expect(activationConfig(activation)).toBe(name);
  });
});

describe("resolveActivation", () => {
  it("resolves null to linear and swish to silu, and returns a function unchanged", () => {
    const own = (node: Node) => node;
    expect(resolveActivation(null)).toBe(linear);
    expect(resolveActivation(undefined)).toBe(linear);
    expect(resolveActivation("swish")).toBe(silu);
    expect(resolveActivation(own)).toBe(own);
    expect(activationConfig(own)).toBe(own);
  });

  it.each([
    ["reluu", " Did you mean relu?"],
    ["thanh", " Did you mean tanh?"],
    ["toString", ""],
    ["", ""],
  ])("refuses %j and lists what it knows", (name, question) => {
    expect(() => resolveActivation(name)).toThrow(ConfigError);
    expect(() => resolveActivation(name)).toThrow(`Unknown activation "${name}".${question} Known are linear, relu,`);
  });
});
