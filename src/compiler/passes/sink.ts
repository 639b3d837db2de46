/**
 * Sink: a product that nothing in the recurrence waits for leaves the loop. Its factors are remembered at every step, and one product
 * over all T·B rows follows the loop: Σ over t of a(t)ᵀ·δ(t) is the stacked a, transposed, times the stacked δ.
 */
import {
  add,
  bodyOrder,
  isInside,
  isOp,
  makeNode,
  matmulOp,
  type Node,
  reshape,
  reshapeOp,
  type ScanAttributes,
  sliceOp,
  stacked,
  sum,
  summed,
  sumOp,
  transpose,
  transposeOp,
} from "../../equations/index.js";
import { idsOf, product } from "./one-hot.js";
import { tableRowsOf } from "./table-products.js";

type Scan = Node<ScanAttributes>;

/**
 * From how many rows on a step's product stays in the loop and is added up there: it is then large enough to be fast, and its factors are
 * still in the cache. With fewer rows, one product over all steps is up to twice as fast.
 */
const ROWS_TO_STAY = 48;

/** A body's value at every step, with as much of its making as possible after the loop. */
export function sinkStacked(scan: Scan, value: Node): Node {
  const recurrent = new Set(bodyOrder(scan.attributes, scan.attributes.next));
  const sink = (node: Node): Node => {
    if (recurrent.has(node) || !holdsProduct(node)) return remembered(scan, node);
    const shape = [scan.attributes.length, ...node.shape];
    if (isOp(node, reshapeOp)) return reshape(sink(node.inputs[0]!), shape);
    const [a, b] = node.inputs as [Node, Node];
    if (!isOp(node, matmulOp)) return add(sink(a), sink(b));
    return product(remembered(scan, a), b, shape);
  };
  /** A product by a matrix of every step, or a sum of such. */
  const holdsProduct = (node: Node): boolean => {
    if (isOp(node, matmulOp))
      return isInside(scan, node.inputs[0]!) && !isInside(scan, node.inputs[1]!) && node.inputs[1]!.shape.length === 2;
    if (isOp(node, reshapeOp)) return holdsProduct(node.inputs[0]!);
    return (
      node.op.name === "add" &&
      node.inputs.every((input) => input.shape.length === node.shape.length && holdsProduct(input))
    );
  };
  return sink(value);
}

/** A body's value summed over the steps, as one product or one sum after the loop where it is one of those; else summed in the loop. */
export function sinkSummed(scan: Scan, value: Node): Node {
  if (isOp(value, reshapeOp)) return reshape(sinkSummed(scan, value.inputs[0]!), value.shape);
  if (isOp(value, transposeOp)) return transpose(sinkSummed(scan, value.inputs[0]!), value.attributes.permutation);
  if (isOp(value, matmulOp) && value.shape.length === 2) {
    const [a, b] = value.inputs as [Node, Node];
    const factor = rows(scan, transpose(a));
    if (b.shape[0]! >= ROWS_TO_STAY && !idsOf(factor) && !tableRowsOf(factor)) return summed(scan, value);
    return product(transpose(factor), rows(scan, b), value.shape);
  }
  if (isOp(value, sumOp)) {
    return sum(remembered(scan, value.inputs[0]!), [0, ...value.attributes.axes.map((axis) => axis + 1)]);
  }
  return summed(scan, value);
}

/** A matrix at every step, [T·rows, columns]. */
function rows(scan: Scan, matrix: Node): Node {
  return reshape(remembered(scan, matrix), [scan.attributes.length * matrix.shape[0]!, matrix.shape[1]!]);
}

/** A value at every step: views are taken of what they look at, and a sequence is what it was given as. */
function remembered(scan: Scan, value: Node): Node {
  const { sequences, length } = scan.attributes;
  const i = sequences.indexOf(value);
  if (i >= 0) return scan.inputs[i]!;
  if (isInside(scan, value) && value.op.view) {
    const source = remembered(scan, value.inputs[0]!);
    if (isOp(value, reshapeOp)) return reshape(source, [length, ...value.shape]);
    if (isOp(value, transposeOp))
      return transpose(source, [0, ...value.attributes.permutation.map((axis) => axis + 1)]);
    if (isOp(value, sliceOp)) {
      const { axis, start } = value.attributes;
      return makeNode(sliceOp, [source], [length, ...value.shape], { axis: axis + 1, start }, { dtype: value.dtype });
    }
  }
  return stacked(scan, value);
}
