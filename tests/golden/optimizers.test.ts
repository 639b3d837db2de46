/** Optimizers against Keras: weights and slots after every step, with clipping. */
import { describe, expect, it } from "vitest";
import { resolveOptimizer } from "../../src/optimizers/index.js";
import type { NestedArray } from "../../src/tensor/tensor.js";
import { expectClose } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";
import { startOptimizer } from "./optimizer-golden.js";

interface OptimizerCase {
  readonly name: string;
  readonly optimizer: { readonly type: string };
  readonly variables: readonly string[];
  readonly initialWeights: NestedArray[];
  readonly gradients: NestedArray[][];
  readonly steps: readonly { weights: NestedArray[]; slots: Readonly<Record<string, NestedArray[]>> }[];
}

describe.each(engines)("optimizers in %s move weights and slots as Keras does", (_, engine, tolerance) => {
  const cases = goldenCases<OptimizerCase>("optimizers.json");
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const optimizer = resolveOptimizer(golden.optimizer);
    const run = await startOptimizer(optimizer, golden.initialWeights, engine);
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
