/** Reductions other than the sum, and the softmax family. */

import { ShapeError } from "../../errors.js";
import { checkAxes, resolveAxis, sizeOf } from "../../tensor/shape.js";
import { checkOperand } from "../check-operand.js";
import { makeNode, type Node, type Op } from "../graph.js";
import { type ReduceAttributes, type ReduceOptions, reduce, reshape, restoreAxes, sum } from "./arrange.js";
import { div, equal, exp, mul, sub } from "./elementwise.js";

/** See `max`. */
export const maxOp: Op<ReduceAttributes> = {
  name: "max",
  // Equal maxima share the gradient equally.
  derivative: ({ node, dy, input, output }) => {
    const winners = equal(input(0), restoreAxes(output(), node));
    const count = sum(winners, node.attributes.axes, { keepDims: true });
    return [mul(winners, div(restoreAxes(dy, node), count))];
  },
};

/** See `sumSquares`. */
export const sumSquaresOp: Op<ReduceAttributes> = {
  name: "sumSquares",
  derivative: ({ node, dy, input }) => [mul(mul(2, input(0)), restoreAxes(dy, node))],
};

/** Σ x² over the given axes (without axes, over all), in one pass. */
export const sumSquares = (x: Node, axes?: readonly number[], options?: ReduceOptions): Node =>
  reduce(sumSquaresOp, x, axes, options);

/** See `argmax`; it has no derivative. */
export const argmaxOp: Op<ReduceAttributes> = { name: "argmax" };

/** Maximum over the given axes. */
export const max = (x: Node, axes?: readonly number[], options?: ReduceOptions): Node =>
  reduce(maxOp, x, axes, options);

/** Mean over the given axes. */
export function mean(x: Node, axes?: readonly number[], options?: ReduceOptions): Node {
  checkOperand(x);
  checkAxes("mean", axes);
  // An axis that is named twice counts once.
  const reduced = new Set(axes ? axes.map((axis) => resolveAxis("mean", axis, x.shape.length)) : x.shape.keys());
  const count = sizeOf(x.shape.filter((_, axis) => reduced.has(axis)));
  return mul(sum(x, axes, options), 1 / count);
}

/** Index of the first maximum along one axis, as int. */
export const argmax = (x: Node, axis = -1): Node => reduce(argmaxOp, x, [axis], {}, "int");

/** The result of a softmax operation: probabilities, their logarithms, or the logarithm of the sum of exponentials. */
export type SoftmaxForm = "softmax" | "logSoftmax" | "logSumExp";

/** Attributes of the softmax operations. */
export interface SoftmaxAttributes {
  readonly form: SoftmaxForm;
}

/** See `softmax`, `logSoftmax` and `logSumExp`. */
export const softmaxOp: Op<SoftmaxAttributes> = {
  name: "softmax",
  derivative: ({ node, dy, input, output }) => {
    const { form } = node.attributes;
    if (form === "logSumExp") return [mul(exp(sub(input(0), lastAxis(output()))), lastAxis(dy))];
    if (form === "logSoftmax") return [sub(dy, mul(exp(output()), sum(dy, [-1], { keepDims: true })))];
    const y = output();
    return [mul(y, sub(dy, sum(mul(dy, y), [-1], { keepDims: true })))];
  },
};

function softmaxNode(x: Node, form: SoftmaxForm): Node {
  if (checkOperand(x).shape.length === 0)
    throw new ShapeError(`${form}: expected at least one axis, received a scalar.`);
  return makeNode(softmaxOp, [x], form === "logSumExp" ? x.shape.slice(0, -1) : x.shape, { form });
}

const lastAxis = (x: Node): Node => reshape(x, [...x.shape, 1]);

/** eˣ / Σ eˣ over the last axis. */
export const softmax = (x: Node): Node => softmaxNode(x, "softmax");

/** ln softmax(x) over the last axis, without under- or overflow. */
export const logSoftmax = (x: Node): Node => softmaxNode(x, "logSoftmax");

/** ln Σ eˣ over the last axis, without under- or overflow. */
export const logSumExp = (x: Node): Node => softmaxNode(x, "logSumExp");
