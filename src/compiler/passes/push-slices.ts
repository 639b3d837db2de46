/**
 * Push slices: where an elementwise value is read only in slices (the gates of an LSTM are slices of one sum), the slices are taken of what
 * it is made of instead. The value then needs neither memory nor a kernel of its own: its parts fuse with what reads them.
 */
import { isElementwise, isOp, makeNode, type Node, slice, sliceOp } from "../../equations/index.js";

/** The values that exist in slices only, with the axis that is cut. */
export type Sliced = ReadonlyMap<Node, number>;

/**
 * @param order the nodes of one scope, each after what it depends on
 * @param wanted values that leave the scope as a whole
 */
export function slicedOnly(order: readonly Node[], wanted: ReadonlySet<Node>): Sliced {
  const readers = new Map<Node, Node[]>();
  for (const node of order) {
    for (const source of node.inputs) readers.set(source, [...(readers.get(source) ?? []), node]);
  }
  const sliced = new Map<Node, number>();
  for (const node of order.toReversed()) {
    if (!isElementwise(node) || wanted.has(node)) continue;
    const axis = commonAxis(node, readers.get(node) ?? [], sliced);
    if (axis !== undefined) sliced.set(node, axis);
  }
  return sliced;
}

/** The axis along which all readers want parts of the node, no element twice. */
function commonAxis(node: Node, readers: readonly Node[], sliced: Sliced): number | undefined {
  const fromEnd = (reader: Node) => {
    const cut = isOp(reader, sliceOp) ? reader.attributes.axis : sliced.get(reader);
    if (cut === undefined) return undefined;
    const axis = cut - reader.shape.length;
    // What is the same for all slices is not cut with them.
    return isOp(reader, sliceOp) || reader.shape.at(axis) === node.shape.at(axis) ? axis : undefined;
  };
  const axes = new Set(readers.map(fromEnd));
  const [axis] = axes;
  if (axes.size !== 1 || axis === undefined) return undefined;
  const slices = readers.filter((reader) => isOp(reader, sliceOp));
  const total = slices.reduce((sum, { shape }) => sum + shape.at(axis)!, 0);
  if (total > node.shape.at(axis)! || (slices.length > 0 && slices.length < readers.length)) return undefined;
  return slices.length > 0 || readers.length === 1 ? node.shape.length + axis : undefined;
}

/**
 * One slice of a value that exists in slices only, made of slices of its inputs.
 *
 * @param mapped what an input became
 */
export function partOf(node: Node, sliced: Sliced, start: number, size: number, mapped: (node: Node) => Node): Node {
  const axis = sliced.get(node)! - node.shape.length;
  const inputs = node.inputs.map((source) => {
    const length = source.shape.at(axis);
    if (length === undefined || length !== node.shape.at(axis)) return mapped(source);
    if (sliced.has(source)) return partOf(source, sliced, start, size, mapped);
    return slice(mapped(source), axis, start, size);
  });
  const shape = node.shape.map((length, i) => (i === sliced.get(node) ? size : length));
  return makeNode(node.op, inputs, shape, node.attributes, { dtype: node.dtype });
}
