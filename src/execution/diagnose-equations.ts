/** What a layer or a gradient did on a batch, as equations: one number each, which is NaN exactly when something in it was not finite. */
import type { Equations } from "../compiler/compile.js";
import { differentiate, input, mul, type Node, sum } from "../equations/index.js";
import type { CarriedStates } from "./carried-states.js";
import { type CompiledModel, endpoints, lossEquations, type Signature } from "./loss-equations.js";
import { type Network, traceNetwork, trainedOf } from "./network.js";
import { type StepSettings, wholeLoss } from "./step-equations.js";

/** Of every layer's outputs, in the order in which they are made. */
export function outputEquations(network: Network, signature: Signature, carry?: CarriedStates): Equations {
  const { signals, seed, inputs } = endpoints(network, signature);
  const zero = input("zero", []);
  const made = network.nodes.map(({ layer, outputs: [value] }) => ({
    name: layer.layer.name!,
    value: value!,
    shape: [],
  }));
  const outputs = traceNetwork({ ...network, outputs: made }, signals, { training: true, seed, carry });
  return {
    name: "finite outputs",
    inputs: { ...inputs, zero },
    outputs: Object.fromEntries(outputs.map(({ node }, i) => [String(i), probe(node, zero)])),
  };
}

/** Of the gradient of every weight that is trained, in the order of the parameters. */
export function gradientEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  settings: StepSettings = {},
): Equations {
  const { inputs, totals } = lossEquations(network, compiled, signature, { ...settings, training: true });
  const zero = input("zero", []);
  const gradients = differentiate(
    wholeLoss(network, compiled, totals),
    trainedOf(network).map(({ node }) => node),
  );
  return {
    name: "finite gradients",
    inputs: { ...inputs, zero },
    outputs: Object.fromEntries(gradients.map((gradient, i) => [String(i), probe(gradient, zero)])),
  };
}

/** Σ 0·x; the zero is an input, so that nobody can know better. */
function probe(node: Node, zero: Node): Node {
  return sum(mul(node, zero));
}
