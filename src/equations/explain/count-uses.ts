/** Counts of uses: how often each value would be written if all others were written out. */
import { isOp, type Node } from "../graph.js";
import { concatOp, padOp, sliceOp } from "../ops/index.js";

/** Whether an equation does not show the node, only its input: it rearranges numbers. */
export function isInvisible(node: Node): boolean {
  return node.op.view === true || isOp(node, concatOp) || isOp(node, padOp);
}

/**
 * Counts the readers of each node; an invisible reader counts as often as it is read itself. All slices of one value count as one
 * reader, since each slice is written as a different part.
 *
 * @param order nodes, each after its inputs
 * @param roots each root is read once more
 */
export function countUses(order: readonly Node[], roots: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>(order.map((node) => [node, 0]));
  const sliced = new Set<Node>();
  const read = (node: Node, times: number): void => {
    uses.set(node, uses.get(node)! + times);
  };
  for (const root of roots) read(root, 1);
  for (const node of order.toReversed()) {
    const times = isInvisible(node) ? uses.get(node)! : 1;
    for (const source of node.inputs) {
      if (!isOp(node, sliceOp)) read(source, times);
      else if (!sliced.has(source)) read(source, 1);
      if (isOp(node, sliceOp)) sliced.add(source);
    }
  }
  return uses;
}
