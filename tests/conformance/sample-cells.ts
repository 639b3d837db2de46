/** Cells written in the language, as users write theirs: what `explain` is tested with. */
import {
  add,
  concat,
  type ExplainableCell,
  matmul,
  mul,
  type Node,
  named,
  sigmoid,
  slice,
  sub,
  tanh,
} from "../../src/equations/index.js";

type Sizes = { readonly features: number; readonly units: number };
type Nodes = Readonly<Record<string, Node>>;

/** A cell whose step wants every weight it lists. */
export function cellOf(
  name: string,
  weights: (sizes: Sizes) => Record<string, number[]>,
  states: readonly string[],
  step: (inputs: Nodes, weights: Nodes) => Nodes,
): ExplainableCell {
  return {
    name,
    parameters: (sizes) =>
      Object.fromEntries(Object.entries(weights(sizes)).map(([weight, shape]) => [weight, { shape }])),
    state: ({ units }) => Object.fromEntries(states.map((state) => [state, [units]])),
    step: (inputs, given) => step(inputs, given as Nodes),
  };
}

const fused =
  (gates: number) =>
  ({ features, units }: Sizes) => ({
    kernel: [features, gates * units],
    recurrentKernel: [units, gates * units],
    bias: [gates * units],
  });

/** Gate number i of a fused product. */
const gateOf = (z: Node, i: number, gates: number): Node => {
  const units = z.shape[1]! / gates;
  return slice(z, 1, i * units, units);
};

export const lstm = cellOf("lstm", fused(4), ["h", "c"], ({ x, h, c }, { kernel, recurrentKernel, bias }) => {
  const z = add(matmul(x!, kernel!), matmul(h!, recurrentKernel!), bias!);
  const inputGate = named("inputGate", sigmoid(gateOf(z, 0, 4)));
  const forgetGate = named("forgetGate", sigmoid(gateOf(z, 1, 4)));
  const candidate = named("candidate", tanh(gateOf(z, 2, 4)));
  const outputGate = named("outputGate", sigmoid(gateOf(z, 3, 4)));
  const cNext = add(mul(forgetGate, c!), mul(inputGate, candidate));
  const hNext = mul(outputGate, tanh(cNext));
  return { output: hNext, h: hNext, c: cNext };
});

/** Cho et al. 2014, with the reset gate behind the recurrent product, as cuDNN and Keras have it. */
export const gru = cellOf(
  "gru",
  (sizes) => ({ ...fused(3)(sizes), recurrentBias: [3 * sizes.units] }),
  ["h"],
  ({ x, h }, { kernel, recurrentKernel, bias, recurrentBias }) => {
    const fromInput = add(matmul(x!, kernel!), bias!);
    const fromState = add(matmul(h!, recurrentKernel!), recurrentBias!);
    const both = (i: number) => add(gateOf(fromInput, i, 3), gateOf(fromState, i, 3));
    const updateGate = named("updateGate", sigmoid(both(0)));
    const resetGate = named("resetGate", sigmoid(both(1)));
    const candidate = named("candidate", tanh(add(gateOf(fromInput, 2, 3), mul(resetGate, gateOf(fromState, 2, 3)))));
    const next = add(mul(updateGate, h!), mul(sub(1, updateGate), candidate));
    return { output: next, h: next };
  },
);

/** The minimal gated unit (Zhou et al. 2016), every gate with matrices of its own. */
export const mgu = cellOf(
  "mgu",
  ({ features, units }) => ({ W: [features, units], R: [units, units], V: [features, units], S: [units, units] }),
  ["h"],
  ({ x, h }, { W, R, V, S }) => {
    const forget = named("f", sigmoid(add(matmul(x!, W!), matmul(h!, R!))));
    const candidate = named("g", tanh(add(matmul(x!, V!), matmul(mul(forget, h!), S!))));
    const next = add(mul(sub(1, forget), h!), mul(forget, candidate));
    return { output: next, h: next };
  },
);

/** The weights of a cell with one matrix for each of x and h. */
export const plain = fused(1);

/** One matrix for [x, h], an output that is no state, and a state that only gathers. */
export const joined = cellOf(
  "joined",
  ({ features, units }) => ({ kernel: [features + units, units] }),
  ["h", "m"],
  ({ x, h, m }, { kernel }) => {
    const next = add(h!, tanh(matmul(concat([x!, h!]), kernel!)));
    return { output: mul(next, m!), h: next, m: add(m!, mul(0.5, next)) };
  },
);
