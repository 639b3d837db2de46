/** Diagnosis of a batch, as equations: one number for each layer or gradient, which is NaN exactly when something in it is not finite. */
import type { Equations } from "../compiler/compile.js";
import { differentiate, input, mul, type Node, sum } from "../equations/index.js";
import type { CarriedStates } from "./carried-states.js";
import type { CompiledModel } from "./compiled-model.js";
import { endpoints } from "./endpoints.js";
import { lossEquations, totalLoss } from "./loss-equations.js";
import { type Network, traceNetwork, trainedOf } from "./network.js";
import { portName, type Signature } from "./ports.js";
import type { StepSettings } from "./training-step.js";

/** One number for each layer's outputs, in the order in which they are made. */
export function outputEquations(network: Network, signature: Signature, carry?: CarriedStates): Equations {
  const { signals, seed, inputs } = endpoints(network, signature);
  const zero = input(portName("zero"), []);
  const made = network.nodes.map(({ layer, outputs: [value] }) => ({
    name: layer.layer.name!,
    value: value!,
    shape: [],
  }));
  const outputs = traceNetwork({ ...network, outputs: made }, signals, { training: true, seed, carry });
  return {
    name: "finite outputs",
    inputs: { ...inputs, [portName("zero")]: zero },
    outputs: Object.fromEntries(outputs.map(({ node }, i) => [portName("finite", i), probe(node, zero)])),
  };
}

/** One number for the gradient of each trained weight, in the order of the parameters. */
export function gradientEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  settings: StepSettings = {},
): Equations {
  const { inputs, totals } = lossEquations(network, compiled, signature, { ...settings, training: true });
  const zero = input(portName("zero"), []);
  const gradients = differentiate(
    totalLoss(network, compiled, totals),
    trainedOf(network).map(({ node }) => node),
  );
  return {
    name: "finite gradients",
    inputs: { ...inputs, [portName("zero")]: zero },
    outputs: Object.fromEntries(gradients.map((gradient, i) => [portName("finite", i), probe(gradient, zero)])),
  };
}

/** Σ 0·x; the zero is an input, so that no pass can simplify the product. */
function probe(node: Node, zero: Node): Node {
  return sum(mul(node, zero));
}
