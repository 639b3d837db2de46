/**
 * Recurrent kernels, found in the equations: a matrix is a recurrent kernel if it multiplies a value made of a state, without another
 * product between, and the result flows into that state. So the kernel of a stacked cell, which reads the state of the cell below, is not
 * one.
 */
import { consumersOf, descendants, isOp, matmulOp, type Node, nearestNames, sliceOp } from "../equations/index.js";
import { spectralRadius } from "./eigenvalues.js";
import type { KernelInspection } from "./inspection.js";
import { type Recurrence, underViews } from "./recurrences.js";

/** The recurrent kernels with the spectral radius of each square block of their columns. @param read a weight's numbers, by its id */
export function inspectKernels(recurrence: Recurrence, read: (id: string) => ArrayLike<number>): KernelInspection[] {
  return recurrence.weights.flatMap(({ name, parameter }) => {
    const [rows, columns] = parameter.shape as [number, number];
    if (parameter.shape.length !== 2 || columns % rows !== 0 || !actsOnItself(recurrence, parameter.node)) return [];
    const values = read(parameter.id);
    const names = blockNames(recurrence, name, rows, columns);
    const blocks = names.map((block, i) => ({
      name: block,
      spectralRadius: spectralRadius(columnsOf(values, rows, columns, i), rows),
    }));
    return [{ weight: name, blocks }];
  });
}

function actsOnItself({ states, body }: Recurrence, weight: Node): boolean {
  return states.some(({ before, after }) => {
    const plain = new Set([before]);
    for (const node of body)
      if (!isOp(node, matmulOp) && node.inputs.some((input) => plain.has(input))) plain.add(node);
    const products = body.filter(
      (node) => isOp(node, matmulOp) && plain.has(node.inputs[0]!) && underViews(node.inputs[1]!) === weight,
    );
    return products.length > 0 && descendants(products, [after]).has(after);
  });
}

/** The names of the gates in a kernel's columns, from the values that are made of those columns. */
function blockNames({ body }: Recurrence, weight: string, rows: number, columns: number): string[] {
  if (rows === columns) return [weight];
  const names = new Map(body.flatMap((node): [Node, string][] => (node.name === undefined ? [] : [[node, node.name]])));
  const consumers = consumersOf(body);
  return Array.from({ length: columns / rows }, (_, i) => {
    const found = body.flatMap((node) => {
      if (!isOp(node, sliceOp) || node.attributes.axis !== node.shape.length - 1) return [];
      if (node.attributes.start !== i * rows || node.shape.at(-1) !== rows) return [];
      return node.inputs[0]!.shape.at(-1) === columns ? nearestNames(node, names, consumers) : [];
    });
    return found[0] ?? `${weight} ${i + 1}`;
  });
}

/** Columns i·rows … (i + 1)·rows − 1, a square. */
function columnsOf(values: ArrayLike<number>, rows: number, columns: number, i: number): Float64Array {
  return Float64Array.from(
    { length: rows * rows },
    (_, k) => values[Math.floor(k / rows) * columns + i * rows + (k % rows)]!,
  );
}
