/**
 * Products with rows of a table that are taken more often than there are: a batch of texts has more words than the vocabulary. With E the
 * table, W a matrix, and δ a row for each row taken:
 *
 *     rows(E) · W      = rows(E · W)
 *     rows(E)ᵀ · δ     = Eᵀ · Σ δ by id
 *     Σ (δ · W) by id  = (Σ δ by id) · W
 *
 * What stands on the right multiplies once for every row of the table, and the rows taken need not be kept.
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
  type ScanOutputAttributes,
  scanOutputOp,
  scatterAdd,
  scatterAddOp,
  transpose,
  transposeOp,
} from "../../equations/index.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";

/** How many times the table's rows must be taken, on average, for the sums by id to cost less than the products they spare. */
const TIMES = 2;

interface TableRows {
  readonly table: Node;
  readonly ids: Node;
}

/** The table whose rows a node is, also behind a reshape that leaves rows whole; undefined if it is none, or they are too few. */
export function tableRowsOf(x: Node): TableRows | undefined {
  if (isOp(x, reshapeOp) && x.inputs[0]!.shape.at(-1) === x.shape.at(-1)) {
    const found = tableRowsOf(x.inputs[0]!);
    return found && { ...found, ids: reshape(found.ids, x.shape.slice(0, -1)) };
  }
  if (!isOp(x, gatherOp) || x.attributes.perRow !== 0) return undefined;
  const [table, ids] = x.inputs as [Node, Node];
  return pays(ids, table.shape) ? { table, ids } : undefined;
}

function pays(ids: Node, [rows]: Shape): boolean {
  return sizeOf(ids.shape) >= TIMES * rows!;
}

/** a · b where a, or its transpose, is rows of a table; undefined where it is not. */
export function tableProduct(a: Node, b: Node): Node | undefined {
  const rows = tableRowsOf(a);
  if (rows) return gather(multiply(rows.table, b), rows.ids);
  const turned = a.shape.length === 2 && isOp(a, transposeOp) ? tableRowsOf(a.inputs[0]!) : undefined;
  return turned && multiply(transpose(turned.table), sumsById(turned.ids, b, turned.table.shape[0]!));
}

/** Rows added up by id, where they are a product: the sums first, then the product. Undefined where that is not so. */
export function productOfSums(node: Node, inputs: readonly Node[]): Node | undefined {
  if (!isOp(node, scatterAddOp) || inputs.length > 2 || node.attributes.perRow !== 0) return undefined;
  const [ids, source] = inputs as [Node, Node];
  const product = isOp(source, reshapeOp) ? source.inputs[0]! : source;
  if (!isOp(product, matmulOp) || product.shape.at(-1) !== source.shape.at(-1) || !pays(ids, node.shape))
    return undefined;
  const [left, right] = product.inputs as [Node, Node];
  return right.shape.length === 2 ? multiply(sumsById(ids, left, node.shape[0]!), right) : undefined;
}

function multiply(a: Node, b: Node): Node {
  return makeNode(matmulOp, [a, b], [a.shape[0]!, b.shape[1]!], undefined);
}

/** The sums that were asked for, by what is summed: the gradients of a table and of a matrix ask for the same. */
const known = new WeakMap<Node, { readonly source: Node; readonly ids: Node; readonly sums: Node }[]>();

/** Σ of the rows of `source` for each id, [rows, width]; the same node when asked again. */
function sumsById(ids: Node, source: Node, rows: number): Node {
  const [id, base] = [withoutReshape(ids), withoutReshape(source)];
  const home = base.inputs[0] ?? base;
  const siblings = known.get(home) ?? [];
  const found = siblings.find(
    (each) => isSameValue(each.source, base) && each.ids === id && each.sums.shape[0] === rows,
  );
  if (found) return found.sums;
  const width = source.shape.at(-1)!;
  const count = sizeOf(ids.shape);
  const sums = scatterAdd(reshape(ids, [count]), reshape(source, [count, width]), [rows, width]);
  known.set(home, [...siblings, { source: base, ids: id, sums }]);
  return sums;
}

/** Values of a scan are named anew by everyone who asks; what they are is the scan, the node in its body, and how it leaves. */
function isSameValue(a: Node, b: Node): boolean {
  if (!isOp<ScanOutputAttributes>(a, scanOutputOp) || !isOp<ScanOutputAttributes>(b, scanOutputOp)) return a === b;
  const [one, other] = [a.attributes, b.attributes];
  return a.inputs[0] === b.inputs[0] && one.of === other.of && one.kind === other.kind;
}

function withoutReshape(node: Node): Node {
  return isOp(node, reshapeOp) ? withoutReshape(node.inputs[0]!) : node;
}
