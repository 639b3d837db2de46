/** The cell of docs/your-own-cell.md: the minimal gated unit, written as a user writes it. */
import { defineCell } from "tavali";
import { add, matmul, mul, type Node, named, sigmoid, slice, sub, tanh } from "tavali/equations";

export const mguCell = defineCell({
  name: "mgu",
  parameters: ({ features, units }) => ({
    kernel: { shape: [features, 2 * units], initializer: "glorotUniform" },
    recurrentKernel: { shape: [units, 2 * units], initializer: "orthogonal" },
    bias: { shape: [2 * units], initializer: "zeros" },
  }),
  state: ({ units }) => ({ h: [units] }),
  step: ({ x, h }, { kernel, recurrentKernel, bias }) => {
    const of = (all: Node, gate: number) => slice(all, -1, gate * h.shape[1]!, h.shape[1]!);
    const z = (i: number, h: Node) => add(matmul(x, of(kernel, i)), matmul(h, of(recurrentKernel, i)), of(bias, i));
    const forgetGate = named("forgetGate", sigmoid(z(0, h)));
    const candidate = named("candidate", tanh(z(1, mul(forgetGate, h))));
    const next = add(mul(sub(1, forgetGate), h), mul(forgetGate, candidate));
    return { output: next, h: next };
  },
});
