/** Views share the memory of another node. */
import type { Node } from "../equations/index.js";

/** The node whose memory a view shows; the node itself if it is not a view. */
export function viewedNode(node: Node): Node {
  let base = node;
  while (base.op.view) base = base.inputs[0]!;
  return base;
}
