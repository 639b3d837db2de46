/** Readers: the reverse of dependencies. */
import type { Node } from "../equations/index.js";

/** The nodes of `order` that depend on each node. A reader may be in a list more than once. */
export function readersOf(order: readonly Node[], dependenciesOf: (node: Node) => readonly Node[]): Map<Node, Node[]> {
  const readers = new Map<Node, Node[]>();
  for (const node of order) {
    for (const dependency of dependenciesOf(node)) {
      const list = readers.get(dependency);
      if (list) list.push(node);
      else readers.set(dependency, [node]);
    }
  }
  return readers;
}
