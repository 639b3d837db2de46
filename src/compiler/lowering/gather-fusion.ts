/**
 * Gather fusion: where only one kernel reads what a gather takes from a table, the kernel reads the table itself, row by row. The rows need
 * not be written down, and those that a row mask passes over are never read.
 */
import {
  type GatherAttributes,
  gatherOp,
  isElementwise,
  isOp,
  type LeafAttributes,
  leafOp,
  type Node,
} from "../../equations/index.js";
import { sameShape } from "../../tensor/shape.js";
import { viewedNode } from "../viewed.js";
import type { Unit } from "./fuse.js";

/**
 * The gathers that kernels do themselves: at most one in each kernel.
 *
 * @param readersOf what reads a node
 * @param required values that must lie in memory
 */
export function fusibleGathers(
  units: readonly Unit[],
  readersOf: (node: Node) => readonly Node[],
  required: ReadonlySet<Node>,
): Set<Node> {
  const fusible = new Set<Node>();
  const gathering = new Set<Unit>();
  const unitOf = new Map(units.flatMap((unit) => unit.nodes.map((node): [Node, Unit] => [node, unit])));
  for (const node of unitOf.keys()) {
    if (!isOp<GatherAttributes>(node, gatherOp) || node.attributes.perRow !== 0 || required.has(node)) continue;
    const [table, ids] = node.inputs as [Node, Node];
    const isOnlyTable = readersOf(table).length === 1 && !required.has(table) && !table.op.view;
    const isPlain = node.shape.length === 2 && node.dtype === "float" && isOnlyTable && stays(table) && stays(ids);
    const readers = readersOf(node);
    const unit = unitOf.get(readers[0]!)!;
    if (!isPlain || gathering.has(unit)) continue;
    const isInUnit = (reader: Node) =>
      isElementwise(reader) && unitOf.get(reader) === unit && sameShape(reader.shape, node.shape);
    if (!readers.every(isInUnit)) continue;
    fusible.add(node);
    gathering.add(unit);
  }
  return fusible;
}

/** Whether a value does not change before a kernel runs. A variable may be updated before. */
function stays(node: Node): boolean {
  const { op, attributes } = viewedNode(node) as Node<LeafAttributes>;
  return op !== leafOp || attributes.role !== "variable";
}
