/** The matrix product. */

import { ShapeError } from "../../errors.js";
import { broadcastShapes, formatShape } from "../../tensor/shape.js";
import { checkOperand } from "../check-operand.js";
import { makeNode, type Node, type Op } from "../graph.js";
import { reshape, sumTo, transpose } from "./arrange.js";

/** Swaps the last two axes. */
export function transposeLast(x: Node): Node {
  const axes = [...checkOperand(x).shape.keys()];
  if (axes.length < 2) throw new ShapeError(`transposeLast: ${formatShape(x.shape)} has no two axes to exchange.`);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** See `matmul`. */
export const matmulOp: Op<undefined> = {
  name: "matmul",
  derivative: ({ node, dy, input, wants }) => {
    const [a, b] = node.inputs as [Node, Node];
    const da = wants(0) ? sumTo(matmul(dy, transposeLast(input(1))), a.shape) : undefined;
    if (!wants(1)) return [da, undefined];
    // A matrix shared by all leading axes has one product over all their rows.
    if (b.shape.length === 2) return [da, matmul(transpose(flattenRows(input(0))), flattenRows(dy))];
    return [da, sumTo(matmul(transposeLast(input(0)), dy), b.shape)];
  },
};

/** [..., n] → [rows, n] */
function flattenRows(x: Node): Node {
  const columns = x.shape.at(-1)!;
  return reshape(x, [x.shape.slice(0, -1).reduce((product, size) => product * size, 1), columns]);
}

/**
 * Matrix product over the last two axes; leading axes broadcast; a matrix `b` without leading axes is shared by all.
 *
 * @param a shape [..., m, k]
 * @param b shape [..., k, n]
 * @returns shape [..., m, n]
 * @throws ShapeError if the inner sizes differ
 */
export function matmul(a: Node, b: Node): Node {
  checkOperand(a);
  checkOperand(b);
  if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== b.shape.at(-2)) {
    throw new ShapeError(
      `matmul: cannot multiply ${formatShape(a.shape)} by ${formatShape(b.shape)}; expected [..., m, k] by [..., k, n] with equal k.`,
    );
  }
  const lead = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  return makeNode(matmulOp, [a, b], [...lead, a.shape.at(-2)!, b.shape.at(-1)!], undefined);
}
