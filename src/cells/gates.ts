/**
 * What gated cells share. The weights of all gates stand side by side in one matrix, as Keras's files keep them, so that one product
 * serves every gate; a cell states their order once, as a list of names.
 */
import { concat, matmul, type Node, slice } from "../equations/index.js";

/** A gate's columns of a value whose last axis holds all gates side by side, in the given order. */
export function columnsOf<Gate extends string>(gates: readonly Gate[], value: Node): (gate: Gate) => Node {
  const size = value.shape.at(-1)! / gates.length;
  return (gate) => slice(value, -1, gates.indexOf(gate) * size, size);
}

/**
 * input·kernel for all gates side by side: one product, unless dropout gives each gate an input of its own.
 *
 * @param input what the gate of that name reads, [batch, n]
 * @param kernel [n, gates × units]
 */
export function gateProducts<Gate extends string>(
  gates: readonly Gate[],
  input: (gate: Gate) => Node,
  kernel: Node,
): Node {
  const inputs = gates.map(input);
  if (inputs.every((node) => node === inputs[0])) return matmul(inputs[0]!, kernel);
  const kernelOf = columnsOf(gates, kernel);
  return concat(gates.map((gate, i) => matmul(inputs[i]!, kernelOf(gate))));
}
