/**
 * Fuse: elementwise operations of one shape that feed one another become one kernel, one pass over memory. A group may have several
 * results (all the gates of an LSTM); nothing outside a group may come between two of its operations, since one kernel computes all of them.
 */
import { isElementwise, type Node } from "../../equations/index.js";
import { sameShape } from "../../tensor/shape.js";
import { asSoftmax, shareExponentials } from "../softmax-family.js";

/** Nodes that one kernel computes: one node, several elementwise ones, or a softmax and the logarithm of its sum, in order. */
export interface Unit {
  readonly nodes: Node[];
}

/**
 * Partitions the nodes of one scope into units.
 *
 * @param order the scope's nodes, each after what it depends on
 * @param dependenciesOf what a node waits for
 * @param enabled without it, every node is a unit of its own
 */
export function fuse(
  order: readonly Node[],
  dependenciesOf: (node: Node) => readonly Node[],
  enabled: boolean,
): Unit[] {
  const position = new Map(order.map((node, i) => [node, i]));
  const unitOf = new Map<Node, Unit>();
  for (const node of order) {
    let unit: Unit = { nodes: [node] };
    if (enabled && isElementwise(node)) {
      for (const producer of node.inputs) {
        const other = unitOf.get(producer);
        if (!other || other === unit || !isElementwise(producer) || !sameShape(producer.shape, node.shape)) continue;
        const merged = [...other.nodes, ...unit.nodes];
        if (!isInterrupted(merged, unitOf, dependenciesOf)) unit = { nodes: merged };
        for (const member of unit.nodes) unitOf.set(member, unit);
      }
    } else if (enabled && asSoftmax(node)) {
      const other = order.find((before) => unitOf.get(before)?.nodes.length === 1 && shareExponentials(before, node));
      if (other && !isInterrupted([other, node], unitOf, dependenciesOf)) unit = { nodes: [other, node] };
    }
    for (const member of unit.nodes) unitOf.set(member, unit);
  }
  const units = [...new Set(order.map((node) => unitOf.get(node)!))];
  for (const unit of units) unit.nodes.sort((a, b) => position.get(a)! - position.get(b)!);
  return sortUnits(units, unitOf, dependenciesOf);
}

/**
 * Whether something outside the group depends on a member while another member depends on it. A unit runs as a whole, so all of its nodes
 * wait for the dependencies of each.
 */
function isInterrupted(
  group: readonly Node[],
  unitOf: ReadonlyMap<Node, Unit>,
  dependenciesOf: (node: Node) => readonly Node[],
): boolean {
  const members = new Set(group);
  const visited = new Set<Unit>();
  const reachesMember = (node: Node): boolean => {
    const unit = unitOf.get(node);
    if (!unit || visited.has(unit)) return false;
    visited.add(unit);
    return unit.nodes.some((other) =>
      dependenciesOf(other).some((dependency) => members.has(dependency) || reachesMember(dependency)),
    );
  };
  return group.some((member) =>
    dependenciesOf(member).some((dependency) => !members.has(dependency) && reachesMember(dependency)),
  );
}

/** Units in an order in which each comes after what it waits for. */
function sortUnits(
  units: readonly Unit[],
  unitOf: ReadonlyMap<Node, Unit>,
  dependenciesOf: (node: Node) => readonly Node[],
): Unit[] {
  const sorted: Unit[] = [];
  const seen = new Set<Unit>();
  const visit = (unit: Unit): void => {
    if (seen.has(unit)) return;
    seen.add(unit);
    for (const node of unit.nodes) {
      for (const dependency of dependenciesOf(node)) {
        const before = unitOf.get(dependency);
        if (before) visit(before);
      }
    }
    sorted.push(unit);
  };
  for (const unit of units) visit(unit);
  return sorted;
}
