/** The gated recurrent unit. */
import { add, matmul, mul, type Node, named, sigmoid, slice, sub, tanh } from "../equations/index.js";
import { defineCell } from "./cell.js";
import { columnsOf, gateProducts } from "./gates.js";

/** The order in which the gates' weights stand side by side: Keras's z, r, h. */
const gates = ["updateGate", "resetGate", "candidate"] as const;
type Gate = (typeof gates)[number];

/**
 * One state h. The update gate z mixes it with a candidate g; the reset gate r limits the part of the state that the candidate
 * reads (Cho et al. 2014, "Learning phrase representations using RNN encoder–decoder"):
 *
 * h(t) = z(t) ⊙ h(t−1) + (1 − z(t)) ⊙ g(t), where z and r are σ(x(t)·W + h(t−1)·R + b) with separate weights, and
 *
 * - with resetAfter, g(t) = tanh(x(t)·W_g + b_g + r(t) ⊙ (h(t−1)·R_g + b′_g)): one product with the state serves all gates, as in cuDNN;
 * - without, g(t) = tanh(x(t)·W_g + b_g + (r(t) ⊙ h(t−1))·R_g), as in the paper.
 *
 * W is [features, 3 × units], R [units, 3 × units]; b is [3 × units], or [2, 3 × units] with resetAfter, whose second row b′ belongs to
 * the state. Options are the activations, whether there is a bias, and resetAfter.
 */
export const gruCell = defineCell({
  name: "gru",
  options: {
    activation: tanh as (z: Node) => Node,
    recurrentActivation: sigmoid as (z: Node) => Node,
    useBias: true,
    resetAfter: true,
  },
  parameters: ({ features, units, useBias, resetAfter }) => ({
    kernel: { shape: [features, 3 * units], initializer: "glorotUniform" },
    recurrentKernel: { shape: [units, 3 * units], initializer: "orthogonal" },
    bias: useBias ? { shape: resetAfter ? [2, 3 * units] : [3 * units], initializer: "zeros" } : undefined,
  }),
  state: ({ units }) => ({ h: [units] }),
  step: (
    { x, h },
    { kernel, recurrentKernel, bias },
    { activation, recurrentActivation, resetAfter, dropInput, dropState },
  ) => {
    const [inputBias, stateBias] = bias && resetAfter ? [slice(bias, 0, 0, 1), slice(bias, 0, 1, 1)] : [bias];
    // Without resetAfter the candidate's product depends on the reset gate.
    const atOnce = resetAfter ? gates : gates.slice(0, 2);
    const kernelAtOnce = slice(recurrentKernel, 1, 0, atOnce.length * h.shape[1]!);
    const inputProduct = gateProducts(gates, (gate) => dropInput(x, gate), kernel);
    const stateProduct = gateProducts(atOnce, (gate) => dropState(h, gate), kernelAtOnce);
    const fromInput = perGate(gates, inputProduct, inputBias);
    const fromState = perGate(atOnce, stateProduct, stateBias);
    const updateGate = named("updateGate", recurrentActivation(add(fromInput("updateGate"), fromState("updateGate"))));
    const resetGate = named("resetGate", recurrentActivation(add(fromInput("resetGate"), fromState("resetGate"))));
    const remembered = resetAfter
      ? mul(resetGate, fromState("candidate"))
      : matmul(mul(resetGate, dropState(h, "candidate")), columnsOf(gates, recurrentKernel)("candidate"));
    const candidate = named("candidate", activation(add(fromInput("candidate"), remembered)));
    const next = named("h", add(mul(updateGate, h), mul(sub(1, updateGate), candidate)));
    return { output: next, h: next };
  },
});

/** A gate's part of a fused product, and of its bias. */
function perGate(gates: readonly Gate[], product: Node, bias?: Node): (gate: Gate) => Node {
  const [ofProduct, ofBias] = [columnsOf(gates, product), bias && columnsOf(gates, bias)];
  return (gate) => (ofBias ? add(ofProduct(gate), ofBias(gate)) : ofProduct(gate));
}
