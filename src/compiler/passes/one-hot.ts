/**
 * Products with one-hot vectors: x·W is the rows of W that the ids name, and xᵀ·δ is sums of the rows of δ by id. Rewritten in this way, a
 * product costs as much as reading the rows, and the vectors are never made.
 */
import {
  gather,
  isOp,
  matmulOp,
  type Node,
  oneHotOp,
  reshape,
  reshapeOp,
  scatterAdd,
  transposeOp,
} from "../../equations/index.js";
import type { Graph, Pass } from "./pass.js";
import { rewrite } from "./rewrite.js";

export const oneHotProducts = {
  name: "oneHotProducts",
  apply: (graph: Graph): Graph => rewrite(graph, (node) => rowsOfProduct(node) ?? node),
} as const satisfies Pass;

function rowsOfProduct(node: Node): Node | undefined {
  if (!isOp(node, matmulOp)) return undefined;
  const [a, b] = node.inputs as [Node, Node];
  if (b.shape.length !== 2) return undefined;
  const ids = asOneHot(a);
  if (ids) return gather(b, ids);
  const turned = a.shape.length === 2 && isOp(a, transposeOp) ? asOneHot(a.inputs[0]!) : undefined;
  return turned && scatterAdd(turned, b, node.shape);
}

/** The ids [...] of one-hot vectors [..., classes], also through a reshape that leaves the vectors whole. */
export function asOneHot(x: Node): Node | undefined {
  if (isOp(x, oneHotOp)) return x.inputs[0];
  if (!isOp(x, reshapeOp) || x.inputs[0]!.shape.at(-1) !== x.shape.at(-1)) return undefined;
  const ids = asOneHot(x.inputs[0]!);
  return ids && reshape(ids, x.shape.slice(0, -1));
}
