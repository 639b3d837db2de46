/**
 * Products with rows of a table, where more rows are taken than the table has: a batch of texts has more words than the vocabulary. With E the
 * table, W a matrix, and δ a row for each row taken:
 *
 *     rows(E) · W      = rows(E · W)
 *     rows(E)ᵀ · δ     = Eᵀ · Σ δ by id
 *     Σ (δ · W) by id  = (Σ δ by id) · W
 *
 * The right side multiplies once for every row of the table, and the rows that were taken need not be kept. The gradients of a table and of a
 * matrix need the same sums by id; commonSubexpressions computes them once.
 */
import {
  gather,
  gatherOp,
  isOp,
  makeNode,
  matmulOp,
  type Node,
  reshape,
  reshapeOp,
  scatterAdd,
  scatterAddOp,
  transpose,
  transposeOp,
} from "../../equations/index.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { asOneHot } from "./one-hot.js";
import type { Graph, Pass } from "./pass.js";
import { rewrite } from "./rewrite.js";

/** Number of times that a row must be taken, on average, for the sums by id to cost less than the products that they save. */
const TIMES = 2;

export const tableProducts = {
  name: "tableProducts",
  apply: (graph: Graph): Graph => rewrite(graph, (node) => productWithTable(node) ?? productOfSums(node) ?? node),
} as const satisfies Pass;

interface TableRows {
  readonly table: Node;
  readonly ids: Node;
}

/** The table and the ids of rows that are taken often enough, also through a reshape that leaves rows whole. */
export function asTableRows(x: Node): TableRows | undefined {
  const [source, other] = x.inputs;
  if (isOp(x, reshapeOp) && source!.shape.at(-1) === x.shape.at(-1)) {
    const found = asTableRows(source!);
    return found && { ...found, ids: reshape(found.ids, x.shape.slice(0, -1)) };
  }
  if (isOp(x, gatherOp) && x.attributes.perRow === 0) return oftenTaken(source!, other!);
  // A product with one-hot vectors takes rows, too.
  const ids = isOp(x, matmulOp) && other!.shape.length === 2 ? asOneHot(source!) : undefined;
  return ids && oftenTaken(other!, ids);
}

function oftenTaken(table: Node, ids: Node): TableRows | undefined {
  return isOften(ids, table.shape) ? { table, ids } : undefined;
}

function isOften(ids: Node, [rows]: Shape): boolean {
  return sizeOf(ids.shape) >= TIMES * rows!;
}

/** a · b where a, or its transpose, is rows of a table. */
function productWithTable(node: Node): Node | undefined {
  if (!isOp(node, matmulOp)) return undefined;
  const [a, b] = node.inputs as [Node, Node];
  if (b.shape.length !== 2) return undefined;
  const rows = asTableRows(a);
  if (rows) return gather(multiply(rows.table, b), rows.ids);
  const turned = a.shape.length === 2 && isOp(a, transposeOp) ? asTableRows(a.inputs[0]!) : undefined;
  return turned && multiply(transpose(turned.table), sumsById(turned.ids, b, turned.table.shape[0]!));
}

/** Rows added up by id, where they are a product: the sums first, then the product. */
function productOfSums(node: Node): Node | undefined {
  if (!isOp(node, scatterAddOp) || node.inputs.length > 2 || node.attributes.perRow !== 0) return undefined;
  const [ids, source] = node.inputs as [Node, Node];
  const product = isOp(source, reshapeOp) ? source.inputs[0]! : source;
  if (!isOp(product, matmulOp) || product.shape.at(-1) !== source.shape.at(-1) || !isOften(ids, node.shape))
    return undefined;
  const [left, right] = product.inputs as [Node, Node];
  return right.shape.length === 2 ? multiply(sumsById(ids, left, node.shape[0]!), right) : undefined;
}

function multiply(a: Node, b: Node): Node {
  return makeNode(matmulOp, [a, b], [a.shape[0]!, b.shape[1]!], undefined);
}

/** Σ of the rows of `source` for each id, [rows, width]. */
function sumsById(ids: Node, source: Node, rows: number): Node {
  const width = source.shape.at(-1)!;
  const count = sizeOf(ids.shape);
  const [flatIds, flat] = [reshape(withoutReshape(ids), [count]), reshape(withoutReshape(source), [count, width])];
  return scatterAdd(flatIds, flat, [rows, width]);
}

function withoutReshape(node: Node): Node {
  return isOp(node, reshapeOp) ? withoutReshape(node.inputs[0]!) : node;
}
