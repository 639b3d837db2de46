/** Optimizers against Keras: weights and slots after every step, with clipping. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.js";
import type { Engine } from "../../src/engines/engine.js";
import { input, type Node, variable } from "../../src/equations/index.js";
import { clipGradients, type Optimizer, resolveOptimizer } from "../../src/optimizers/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { expectClose } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";

interface OptimizerCase {
  readonly name: string;
  readonly optimizer: { readonly type: string };
  readonly variables: readonly string[];
  readonly initialWeights: NestedArray[];
  readonly gradients: NestedArray[][];
  readonly steps: readonly { weights: NestedArray[]; slots: Readonly<Record<string, NestedArray[]>> }[];
}

/** One program that takes gradients and updates weights and slots, as the trainer's does. */
async function start(optimizer: Optimizer, initial: readonly NestedArray[], engine: Engine) {
  const weights = initial.map((value, i) => variable(`weight${i}`, toTensor(value).shape));
  const gradients = weights.map((weight, i) => input(`gradient${i}`, weight.shape));
  const learningRate = input("learningRate", []);
  const iteration = input("iteration", []);
  const updates: [Node, Node][] = [];
  clipGradients(gradients, optimizer.clip).forEach((gradient, i) => {
    const weight = weights[i]!;
    const slots = Object.fromEntries(optimizer.slots.map(({ name }) => [name, variable(`${name}${i}`, weight.shape)]));
    const result = optimizer.update({ weight, gradient, slots, learningRate, iteration });
    updates.push(
      [weight, result.weight],
      ...Object.entries(slots).map(([k, slot]): [Node, Node] => [slot, result.slots[k]!]),
    );
  });
  const inputs = Object.fromEntries([...gradients, learningRate, iteration].map((node) => [node.name!, node]));
  const program = compile({ name: "update", inputs, outputs: {}, updates });
  const device = engine.createDevice();
  for (const port of program.variables) device.createVariable(port);
  initial.forEach((value, i) => {
    const values = flat(value);
    device.writeVariable(`weight${i}`, values);
    for (const slot of optimizer.slots)
      device.writeVariable(
        `${slot.name}${i}`,
        values.map(() => slot.initial),
      );
  });
  const executable = await device.load(program);
  return {
    read: (name: string) => device.readVariable(name),
    step(values: readonly NestedArray[], number: number) {
      const given = Object.fromEntries(values.map((value, i) => [`gradient${i}`, flat(value)]));
      executable.run({ ...given, learningRate: [optimizer.learningRate], iteration: [number] });
    },
  };
}

describe.each(engines)("optimizers in %s move weights and slots as Keras does", (_, engine, tolerance) => {
  const cases = goldenCases<OptimizerCase>("optimizers.json");
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const optimizer = resolveOptimizer(golden.optimizer);
    const run = await start(optimizer, golden.initialWeights, engine);
    for (const [i, { weights, slots }] of golden.steps.entries()) {
      run.step(golden.gradients[i]!, i + 1);
      for (const [k, weight] of weights.entries())
        expectClose(run.read(`weight${k}`), flat(weight), tolerance, `weight ${k} after step ${i + 1}`);
      expect(Object.keys(slots).sort()).toEqual(optimizer.slots.map(({ name }) => name).sort());
      for (const [name, values] of Object.entries(slots)) {
        for (const [k, value] of values.entries())
          expectClose(run.read(`${name}${k}`), flat(value), tolerance, `${name} ${k} after step ${i + 1}`);
      }
    }
  });

  it("keeps slots in Keras's order", () => {
    for (const { optimizer, variables, name } of cases) {
      const { slots, slotOrder } = resolveOptimizer(optimizer);
      const weights = ["kernel", "bias"];
      const bySlot = slots.flatMap((slot) => weights.map((weight) => `${weight}_${slot.name}`));
      const byWeight = weights.flatMap((weight) => slots.map((slot) => `${weight}_${slot.name}`));
      const ours = slotOrder === "bySlot" ? bySlot : byWeight;
      // Keras's Nadam also keeps the product of its momentums, an unnamed variable; ours computes it from the step.
      const theirs = variables.slice(2).flatMap((path) => (path.endsWith("variable") ? [] : path.split("/").slice(-1)));
      // Keras keeps amsgrad's greatest values of all weights after everything else.
      const ordered = name.includes("amsgrad")
        ? [...ours.filter((s) => !s.endsWith("hat")), ...ours.filter((s) => s.endsWith("hat"))]
        : ours;
      expect(theirs).toEqual(ordered);
    }
  });
});
