/** Labels for the values of a step that have no name: the name of the value that they are computed for. */
import { isOp, type Node } from "../graph.js";
import { sliceOp } from "../ops/index.js";

/** The nodes that read each node. */
export type Consumers = ReadonlyMap<Node, readonly Node[]>;

/** Finds the nodes that read each node. */
export function consumersOf(order: readonly Node[]): Consumers {
  const consumers = new Map<Node, Node[]>();
  for (const node of order) {
    for (const source of node.inputs) {
      const list = consumers.get(source);
      if (list) list.push(node);
      else consumers.set(source, [node]);
    }
  }
  return consumers;
}

/** The names of the nearest named values that a node flows into, itself included. */
export function nearestNames(node: Node, names: ReadonlyMap<Node, string>, consumers: Consumers): string[] {
  const seen = new Set([node]);
  let front = [node];
  while (front.length > 0) {
    const found = front.flatMap((candidate) => names.get(candidate) ?? []);
    if (found.length > 0) return [...new Set(found)];
    front = front.flatMap((candidate) => consumers.get(candidate) ?? []).filter((reader) => !seen.has(reader));
    for (const reader of front) seen.add(reader);
  }
  return [];
}

/**
 * A label for each slice: the name of the value it is computed for, if the slices of one tensor then have different labels; else their
 * numbers.
 */
export function sliceLabels(
  order: readonly Node[],
  names: ReadonlyMap<Node, string>,
  consumers: Consumers,
): Map<Node, string> {
  const groups = new Map<string, Node<{ axis: number; start: number }>[]>();
  for (const node of order) {
    if (!isOp(node, sliceOp)) continue;
    const key = `${node.inputs[0]!.id} ${node.attributes.axis}`;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  const labels = new Map<Node, string>();
  for (const slices of groups.values()) {
    const starts = [...new Set(slices.map(({ attributes }) => attributes.start))].sort((a, b) => a - b);
    const proposed = starts.map((start) => {
      const here = slices.filter(({ attributes }) => attributes.start === start);
      return [...new Set(here.flatMap((node) => nearestNames(node, names, consumers)))];
    });
    const distinct = proposed.every(({ length }) => length === 1) && new Set(proposed.flat()).size === starts.length;
    for (const node of slices) {
      const i = starts.indexOf(node.attributes.start);
      labels.set(node, distinct ? proposed[i]![0]! : `${i + 1}`);
    }
  }
  return labels;
}
