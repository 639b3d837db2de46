/**
 * Products with one-hot vectors: x·W takes the rows of W that the ids name, and xᵀ·δ adds rows of δ to those rows. Both are rewritten so,
 * which costs as much as the rows themselves, and the vectors are never made.
 */
import {
  gather,
  isOp,
  makeNode,
  matmulOp,
  type Node,
  oneHotOp,
  reshape,
  reshapeOp,
  scatterAdd,
  transposeOp,
} from "../../equations/index.js";
import type { Shape } from "../../tensor/shape.js";
import { tableProduct } from "./table-products.js";

/** a · b of a given shape, by rows if a is one-hot or rows of a table. */
export function product(a: Node, b: Node, shape: Shape): Node {
  return rowsOf(a, b, shape) ?? makeNode(matmulOp, [a, b], shape, undefined);
}

/** a · b where a, or its transpose, is one-hot: rows of b, or b's rows added up by id; or where it is rows of a table. */
export function rowsOf(a: Node, b: Node, shape: Shape): Node | undefined {
  if (b.shape.length !== 2) return undefined;
  const ids = idsOf(a);
  if (ids) return gather(b, ids);
  const transposed = a.shape.length === 2 && isOp(a, transposeOp) ? idsOf(a.inputs[0]!) : undefined;
  return transposed ? scatterAdd(transposed, b, shape) : tableProduct(a, b);
}

/** The ids [...] of one-hot vectors [..., classes], also behind a reshape that leaves the vectors whole. */
export function idsOf(x: Node): Node | undefined {
  if (isOp(x, oneHotOp)) return x.inputs[0];
  if (!isOp(x, reshapeOp) || x.inputs[0]!.shape.at(-1) !== x.shape.at(-1)) return undefined;
  const ids = idsOf(x.inputs[0]!);
  return ids && reshape(ids, x.shape.slice(0, -1));
}
