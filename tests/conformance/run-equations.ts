/** Runs equations on an engine, and checks derived gradients against finite differences. */

import { expect } from "vitest";
import { type CompileOptions, compile, type Equations, optimizations } from "../../src/compiler/compile.js";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { constant, differentiate, mul, type Node, sum } from "../../src/equations/index.js";
import { Random } from "../../src/tensor/random.js";
import { sizeOf } from "../../src/tensor/shape.js";

export type Values = Record<string, ArrayLike<number>>;

/** Compiles, loads and runs once; variables are created and set from `variables`. */
export async function runEquations(
  equations: Equations,
  inputs: Values,
  options: { engine?: Engine; variables?: Values; without?: CompileOptions["without"] } = {},
): Promise<Record<string, number[]>> {
  const { engine = referenceEngine, variables = {}, without } = options;
  const program = compile(equations, { without });
  const device = engine.createDevice();
  for (const { name, shape, dtype } of program.variables) {
    device.createVariable({ name, shape, dtype });
    device.writeVariable(name, variables[name]!);
  }
  const executable = await device.load(program);
  executable.run(inputs);
  const outputs = program.outputs.map(({ name }): [string, number[]] => [name, [...executable.output(name)]]);
  const after = program.variables.map(({ name }): [string, number[]] => [name, [...device.readVariable(name)]]);
  return Object.fromEntries([...outputs, ...after]);
}

/** Σ y ⊙ C with fixed asymmetric C: a scalar that every element of y reaches with a weight of its own. */
export function weightedSum(y: Node, seed = 7): Node {
  const random = new Random(seed);
  const weights = Array.from({ length: sizeOf(y.shape) }, () => random.uniform() * 2 - 1);
  return sum(mul(y, constant(weights, y.shape)));
}

export function randomValues(length: number, seed: number, low = -1, high = 1): number[] {
  const random = new Random(seed);
  return Array.from({ length }, () => low + (high - low) * random.uniform());
}

/**
 * Compares the gradient of a scalar with central differences, in float64, for every float input; and the optimised program with the
 * plain one.
 */
export async function checkGradient(
  inputs: Record<string, Node>,
  loss: Node,
  values: Values,
  tolerance = 1e-6,
): Promise<void> {
  const names = Object.keys(inputs).filter((name) => inputs[name]!.dtype === "float");
  const gradients = differentiate(
    loss,
    names.map((name) => inputs[name]!),
  );
  const outputs = { loss, ...Object.fromEntries(names.map((name, i) => [`d_${name}`, gradients[i]!])) };
  const equations = { name: "gradient check", inputs, outputs };
  const result = await runEquations(equations, values);
  const plain = await runEquations(equations, values, { without: optimizations });
  for (const port of Object.keys(outputs))
    expectClose(result[port]!, plain[port]!, 1e-10, `${port}: passes on and off`);
  const executable = await referenceEngine.createDevice().load(compile({ name: "loss", inputs, outputs: { loss } }));
  const evaluate = (changed: Values): number => {
    executable.run(changed);
    return executable.output("loss")[0]!;
  };
  const step = 1e-5;
  for (const name of names) {
    const numeric = Array.from(values[name]!, (value, i) => {
      const at = (x: number): Values => ({
        ...values,
        [name]: Array.from(values[name]!, (old, j) => (i === j ? x : old)),
      });
      return (evaluate(at(value + step)) - evaluate(at(value - step))) / (2 * step);
    });
    expectClose(result[`d_${name}`]!, numeric, tolerance, `gradient of ${name}`);
  }
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "values",
): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs).filter(Number.isFinite));
  for (let i = 0; i < expected.length; i++) {
    const same = actual[i] === expected[i] || Math.abs(actual[i]! - expected[i]!) <= tolerance * scale;
    if (!same)
      expect.fail(`${what}: element ${i} is ${actual[i]}, expected ${expected[i]} (within ${tolerance * scale})`);
  }
}
