/**
 * Softmax gradients: the gradient of a cross-entropy asks for exp(x − ln Σ exp x), which is the softmax of x. As a softmax, it is
 * computed by the kernel that computes the logarithm of the sum for the loss, from the same exponentials (lowering/fuse.ts).
 */
import { exp, isOp, makeNode, type Node, opOf, reshapeOp, softmaxOp, sub } from "../../equations/index.js";
import { Analysis } from "./analysis.js";
import type { Graph, Pass } from "./pass.js";
import { substitute } from "./rewrite.js";

export const softmaxGradients = {
  name: "softmaxGradients",
  apply(graph: Graph): Graph {
    const { order, inside } = new Analysis(graph);
    const replacements = new Map<Node, Node>();
    for (const node of order) {
      const x = inside.has(node) ? undefined : asExponentialShares(node);
      if (x) replacements.set(node, makeNode(softmaxOp, [x], node.shape, { form: "softmax" }));
    }
    return substitute(graph, replacements);
  },
} as const satisfies Pass;

/** The x of exp(x − ln Σ exp x). */
function asExponentialShares({ op, inputs: [shifted] }: Node): Node | undefined {
  if (op !== opOf(exp) || shifted?.op !== opOf(sub)) return undefined;
  const [x, column] = shifted.inputs as [Node, Node];
  if (!isOp(column, reshapeOp) || x.shape.length !== column.shape.length || column.shape.at(-1) !== 1) return undefined;
  const sum = column.inputs[0]!;
  return isOp(sum, softmaxOp) && sum.attributes.form === "logSumExp" && sum.inputs[0] === x ? x : undefined;
}
