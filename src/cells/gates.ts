/**
 * Gates of cells. The weights of all gates are concatenated in one matrix, as in Keras's files, so that one product serves all gates;
 * a cell defines the order of gates once, as a list of names.
 */
import { concat, matmul, type Node, slice } from "../equations/index.js";

/** A gate's columns of a value whose last axis holds all gates side by side, in the given order. */
export function columnsOf<Gate extends string>(gates: readonly Gate[], value: Node): (gate: Gate) => Node {
  const size = value.shape.at(-1)! / gates.length;
  return (gate) => slice(value, -1, gates.indexOf(gate) * size, size);
}

/**
 * input·kernel for all gates side by side: one product, unless dropout gives each gate a separate input.
 *
 * @param input the input of the gate of that name, [batch, n]
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
