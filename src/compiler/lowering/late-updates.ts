/**
 * An update that comes after the last reader of a variable's old value is computed in the variable's own memory. Gradients of two weights may
 * each read the other weight, so an update that nobody waits for is put off until those readers are done.
 */
import type { Node } from "../../equations/index.js";
import { viewedNode } from "../viewed.js";
import type { Unit } from "./fuse.js";
import { readsMemoryOf } from "./lower.js";

/** The units in an order in which updates come after who reads the old values, where the order is free. */
export function putOffUpdates(
  units: readonly Unit[],
  assignments: readonly (readonly [target: Node, value: Node])[],
  dependenciesOf: (node: Node) => readonly Node[],
): Unit[] {
  const ordered = [...units];
  for (const [target, value] of assignments) {
    const variable = viewedNode(target);
    const at = ordered.findIndex(({ nodes }) => nodes.includes(value));
    const update = ordered[at];
    if (!update) continue;
    const reads = (node: Node): boolean => dependenciesOf(node).length > 0 && readsMemoryOf(node, variable);
    const last = ordered.findLastIndex(({ nodes }) => nodes.some(reads));
    const waits = ({ nodes }: Unit): boolean =>
      nodes.some((node) => dependenciesOf(node).some((dependency) => update.nodes.includes(dependency)));
    if (last <= at || ordered.slice(at + 1, last + 1).some(waits)) continue;
    ordered.splice(at, 1);
    ordered.splice(last, 0, update);
  }
  return ordered;
}
