/** shared/keras-golden/activations.json: every activation, found by Keras's name. */
import { resolveActivation } from "../../../src/activations/index.js";
import { input } from "../../../src/equations/index.js";
import { type NestedArray, toTensor } from "../../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../../conformance/run-equations.js";
import { flat } from "../golden.js";
import { holdCases, sharedCases } from "./keras-golden.js";

interface ActivationCase {
  readonly name: string;
  readonly x: NestedArray;
  readonly y: NestedArray;
}

holdCases(
  "activations.json",
  sharedCases<ActivationCase>("activations.json"),
  ({ name }) => name,
  async ({ name, x, y }, [, engine, tolerance]) => {
    const inputs = { x: input("x", toTensor(x).shape) };
    const equations = { name, inputs, outputs: { y: resolveActivation(name)(inputs.x) } };
    const actual = await runEquations(equations, { x: flat(x) }, { engine });
    expectClose(actual.y!, flat(y), tolerance);
  },
);
