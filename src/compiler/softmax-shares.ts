/**
 * The gradient of a cross-entropy asks for exp(x − ln Σ exp x), which is the softmax of x. Written so, it is computed together with the
 * logarithm of the sum that the loss needs, from the same exponentials.
 */
import { isOp, makeNode, type Node, reshapeOp, type SoftmaxAttributes, softmaxOp } from "../equations/index.js";
import type { Writer } from "./writer.js";

/** The softmax that a node is; undefined if it is none. */
export function asSoftmax({ op, inputs: [shifted], shape }: Node): Node | undefined {
  if (op.name !== "exp" || shifted?.op.name !== "subtract") return undefined;
  const [x, column] = shifted.inputs as [Node, Node];
  if (!isOp(column, reshapeOp) || x.shape.length !== column.shape.length || column.shape.at(-1) !== 1) return undefined;
  const sum = column.inputs[0]!;
  if (!isForm(sum, "logSumExp") || sum.inputs[0] !== x) return undefined;
  return makeNode(softmaxOp, [x], shape, { form: "softmax" });
}

/** Lets each logarithm of a sum be computed with the softmax of the same rows, where there is one. */
export function pairWithShares(writer: Writer, order: readonly Node[]): void {
  for (const sum of order) {
    if (!isForm(sum, "logSumExp")) continue;
    const shares = order.find((node) => isForm(node, "softmax") && node.inputs[0] === sum.inputs[0]);
    if (shares && !order.slice(0, order.indexOf(sum)).includes(shares)) writer.pair(sum, shares);
  }
}

function isForm(node: Node, form: SoftmaxAttributes["form"]): node is Node<SoftmaxAttributes> {
  return isOp<SoftmaxAttributes>(node, softmaxOp) && node.attributes.form === form;
}
