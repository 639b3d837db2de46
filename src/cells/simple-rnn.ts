/** The simple recurrent cell. */
import { add, matmul, type Node, named, tanh } from "../equations/index.js";
import { defineCell } from "./cell.js";

/**
 * h(t) = tanh(x(t)·W + h(t−1)·R + b), and the output is h(t) (Elman 1990, "Finding structure in time").
 *
 * W is [features, units], R [units, units], b [units]; options are the activation and whether there is a bias.
 */
export const simpleRNNCell = defineCell({
  name: "simpleRNN",
  options: { activation: tanh as (z: Node) => Node, useBias: true },
  parameters: ({ features, units, useBias }) => ({
    kernel: { shape: [features, units], initializer: "glorotUniform" },
    recurrentKernel: { shape: [units, units], initializer: "orthogonal" },
    bias: useBias ? { shape: [units], initializer: "zeros" } : undefined,
  }),
  state: ({ units }) => ({ h: [units] }),
  step: ({ x, h }, { kernel, recurrentKernel, bias }, { activation, dropInput, dropState }) => {
    const z = add(matmul(dropInput(x), kernel), matmul(dropState(h), recurrentKernel));
    const next = named("h", activation(bias ? add(z, bias) : z));
    return { output: next, h: next };
  },
});
