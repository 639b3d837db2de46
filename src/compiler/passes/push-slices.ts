/**
 * Push slices: where an elementwise value of a loop body is read only in slices (the gates of an LSTM are slices of one sum), its
 * inputs are sliced instead. The value then needs neither memory nor a kernel: its parts fuse with their readers.
 */
import { isElementwise, isOp, makeNode, type Node, slice, sliceOp } from "../../equations/index.js";
import { Analysis, type Loop } from "./analysis.js";
import type { Graph, Pass } from "./pass.js";
import { substitute } from "./rewrite.js";

export const pushSlices = {
  name: "pushSlices",
  apply(graph: Graph): Graph {
    const analysis = new Analysis(graph);
    const replacements = new Map<Node, Node>();
    for (const loop of analysis.loops()) {
      const sliced = slicedOnly(loop);
      for (const node of loop.body) {
        const source = node.inputs[0];
        if (!isOp(node, sliceOp) || !source || !sliced.has(source)) continue;
        const { axis, start } = node.attributes;
        replacements.set(node, partOf(source, sliced, start, node.shape[axis]!));
      }
    }
    return substitute(graph, replacements);
  },
} as const satisfies Pass;

/** The values that are read in slices only, with the axis that is cut. */
type Sliced = ReadonlyMap<Node, number>;

function slicedOnly({ body, wanted }: Loop): Sliced {
  const readers = new Map<Node, Node[]>();
  for (const node of body) {
    for (const source of node.inputs) readers.set(source, [...(readers.get(source) ?? []), node]);
  }
  const sliced = new Map<Node, number>();
  for (const node of body.toReversed()) {
    if (!isElementwise(node) || wanted.has(node)) continue;
    const axis = commonAxis(node, readers.get(node) ?? [], sliced);
    if (axis !== undefined) sliced.set(node, axis);
  }
  return sliced;
}

/** The axis along which all readers slice the node, if they read no element twice. */
function commonAxis(node: Node, readers: readonly Node[], sliced: Sliced): number | undefined {
  const fromEnd = (reader: Node) => {
    const cut = isOp(reader, sliceOp) ? reader.attributes.axis : sliced.get(reader);
    if (cut === undefined) return undefined;
    const axis = cut - reader.shape.length;
    // An input that is the same for all slices is not sliced.
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

/** One slice of a value that is read in slices only, made of slices of its inputs. */
function partOf(node: Node, sliced: Sliced, start: number, size: number): Node {
  const axis = sliced.get(node)! - node.shape.length;
  const inputs = node.inputs.map((source) => {
    const length = source.shape.at(axis);
    if (length === undefined || length !== node.shape.at(axis)) return source;
    if (sliced.has(source)) return partOf(source, sliced, start, size);
    return slice(source, axis, start, size);
  });
  const shape = node.shape.map((length, i) => (i === sliced.get(node) ? size : length));
  return makeNode(node.op, inputs, shape, node.attributes, { dtype: node.dtype });
}
