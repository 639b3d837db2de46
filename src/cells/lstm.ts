/** The long short-term memory. */
import { add, mul, type Node, named, sigmoid, tanh } from "../equations/index.js";
import { type CellInitializer, defineCell } from "./cell.js";
import { columnsOf, gateProducts } from "./gates.js";

/** The order in which the gates' weights stand side by side: Keras's i, f, c, o. */
const gates = ["inputGate", "forgetGate", "candidate", "outputGate"] as const;

/**
 * The memory c is kept by a forget gate f, written by an input gate i, and shown by an output gate o (Hochreiter & Schmidhuber 1997,
 * "Long short-term memory"; the forget gate is by Gers, Schmidhuber & Cummins 2000):
 *
 * c(t) = f(t) ⊙ c(t−1) + i(t) ⊙ g(t), h(t) = o(t) ⊙ tanh(c(t)), where g(t) = tanh(x(t)·W_g + h(t−1)·R_g + b_g) is the candidate and each
 * gate is σ of such a sum with separate weights.
 *
 * W is [features, 4 × units], R [units, 4 × units], b [4 × units]; options are the activations, whether there is a bias, and whether that
 * of the forget gate starts at 1.
 */
export const lstmCell = defineCell({
  name: "lstm",
  options: {
    activation: tanh as (z: Node) => Node,
    recurrentActivation: sigmoid as (z: Node) => Node,
    useBias: true,
    unitForgetBias: true,
  },
  parameters: ({ features, units, useBias, unitForgetBias }) => ({
    kernel: { shape: [features, 4 * units], initializer: "glorotUniform" },
    recurrentKernel: { shape: [units, 4 * units], initializer: "orthogonal" },
    bias: useBias ? { shape: [4 * units], initializer: unitForgetBias ? rememberAtFirst(zeros) : "zeros" } : undefined,
  }),
  state: ({ units }) => ({ h: [units], c: [units] }),
  step: ({ x, h, c }, { kernel, recurrentKernel, bias }, { activation, recurrentActivation, dropInput, dropState }) => {
    const fromInput = gateProducts(gates, (gate) => dropInput(x, gate), kernel);
    const fromState = gateProducts(gates, (gate) => dropState(h, gate), recurrentKernel);
    const z = columnsOf(gates, bias ? add(fromInput, fromState, bias) : add(fromInput, fromState));
    const inputGate = named("inputGate", recurrentActivation(z("inputGate")));
    const forgetGate = named("forgetGate", recurrentActivation(z("forgetGate")));
    const candidate = named("candidate", activation(z("candidate")));
    const outputGate = named("outputGate", recurrentActivation(z("outputGate")));
    const memory = named("c", add(mul(forgetGate, c), mul(inputGate, candidate)));
    const shown = named("h", mul(outputGate, activation(memory)));
    return { output: shown, h: shown, c: memory };
  },
});

type Values = Exclude<CellInitializer, string>["values"];

const zeros: Values = ([size]) => new Float64Array(size!);

/**
 * An LSTM's bias: 1 for the forget gate, so that at first the memory is kept (Jozefowicz, Zaremba & Sutskever 2015), and `others` for
 * the other gates.
 */
export function rememberAtFirst(others: Values): Exclude<CellInitializer, string> {
  return {
    config: { type: "UnitForgetBias" },
    values([size], random) {
      const units = size! / gates.length;
      const [before, after] = [others([units], random), others([2 * units], random)];
      return Float64Array.of(...before, ...new Float64Array(units).fill(1), ...after);
    },
  };
}
