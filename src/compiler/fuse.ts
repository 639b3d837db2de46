/**
 * Fuse: elementwise operations of one shape that feed one another become one kernel, one pass over memory. A group may have several
 * results (all the gates of an LSTM); it may not contain two operations with something else in between, since it runs at one moment.
 */
import { isElementwise, type Node } from "../equations/index.js";
import { sameShape } from "../tensor/shape.js";

/** Operations that run at one moment: one node, or several elementwise ones, in order. */
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
        if (!isInterrupted(merged, position, dependenciesOf)) unit = { nodes: merged };
        for (const member of unit.nodes) unitOf.set(member, unit);
      }
    }
    for (const member of unit.nodes) unitOf.set(member, unit);
  }
  const units = [...new Set(order.map((node) => unitOf.get(node)!))];
  for (const unit of units) unit.nodes.sort((a, b) => position.get(a)! - position.get(b)!);
  return sortUnits(units, unitOf, dependenciesOf);
}

/** Whether some node outside the group depends on a member and is depended on by another. */
function isInterrupted(
  group: readonly Node[],
  position: ReadonlyMap<Node, number>,
  dependenciesOf: (node: Node) => readonly Node[],
): boolean {
  const members = new Set(group);
  const first = Math.min(...group.map((node) => position.get(node)!));
  const visited = new Set<Node>();
  const reachesMember = (node: Node): boolean => {
    for (const dependency of dependenciesOf(node)) {
      if (members.has(dependency)) return true;
      const at = position.get(dependency);
      if (at === undefined || at < first || visited.has(dependency)) continue;
      visited.add(dependency);
      if (reachesMember(dependency)) return true;
    }
    return false;
  };
  for (const member of group) {
    for (const dependency of dependenciesOf(member)) {
      if (members.has(dependency) || visited.has(dependency) || !position.has(dependency)) continue;
      visited.add(dependency);
      if (reachesMember(dependency)) return true;
    }
  }
  return false;
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
