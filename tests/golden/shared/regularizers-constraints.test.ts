/** shared/keras-golden/regularizers_constraints.json: what a weight costs, and the limits it is held to. */
import { input } from "../../../src/equations/index.js";
import { resolveConstraint, resolveRegularizer } from "../../../src/regularizers/index.js";
import { type NestedArray, toTensor } from "../../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../../conformance/run-equations.js";
import { flat } from "../golden.js";
import { holdCases, sharedCases } from "./keras-golden.js";
import { configOfCall } from "./keras-object.js";

interface RuleCase {
  readonly kind: "regularizer" | "constraint";
  readonly name: string;
  readonly w: NestedArray;
  readonly result: NestedArray;
}

/** Names of the arguments that titles give without one. */
const order: Readonly<Record<string, readonly string[]>> = {
  L1: ["l1"],
  L2: ["l2"],
  L1L2: ["l1", "l2"],
  OrthogonalRegularizer: ["factor"],
  MaxNorm: ["maxValue"],
  MinMaxNorm: ["minValue", "maxValue"],
};

holdCases(
  "regularizers_constraints.json",
  sharedCases<RuleCase>("regularizers_constraints.json"),
  ({ name }) => name,
  async ({ kind, name, ...golden }, [, engine, tolerance]) => {
    const config = configOfCall(name, order[name.replace(/\(.*/, "")]);
    const w = input("w", toTensor(golden.w).shape);
    const result = kind === "regularizer" ? resolveRegularizer(config).penalty(w) : resolveConstraint(config).apply(w);
    const equations = { name, inputs: { w }, outputs: { result } };
    const actual = await runEquations(equations, { w: flat(golden.w) }, { engine });
    expectClose(actual.result!, flat(golden.result), tolerance);
  },
);
