/** How often each value is written when every other value is written out. */
import { isOp, type Node } from "../graph.js";
import { concatOp, padOp, sliceOp } from "../ops/index.js";

/** Whether a node is not seen in an equation: only what it arranges is. */
export function isInvisible(node: Node): boolean {
  return node.op.view === true || isOp(node, concatOp) || isOp(node, padOp);
}

/**
 * Counts the readers of each node; a reader that is invisible counts as often as it is read itself. All slices of one value count as one
 * reader: each of them is written as another part.
 *
 * @param order nodes, each after what it is made of
 * @param roots each of these is read once more
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
