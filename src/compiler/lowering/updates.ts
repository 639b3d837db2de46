/**
 * Updates of variables. All new values are computed from the old ones; a new value that comes after the last reader of the old one is
 * computed in the variable's own memory, and the others are copied there at the end.
 */
import { dependencies, isOp, type Node, sliceOp } from "../../equations/index.js";
import { sameShape } from "../../tensor/shape.js";
import { viewedNode } from "../viewed.js";
import type { Unit } from "./fuse.js";
import { sliceView, type View } from "./views.js";
import type { Writer } from "./writer.js";

/** A variable, or a slice of one, and its new value. */
export type Assignment = readonly [target: Node, value: Node];

/**
 * The units in an order in which updates come after those that read the old values, where the order is free. Gradients of two weights may
 * each read the other weight, so an update that nothing waits for is delayed until those readers are done.
 */
export function delayUpdates(
  units: readonly Unit[],
  assignments: readonly Assignment[],
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

/**
 * An update is computed in the variable's memory when nothing reads the old value afterwards. The same kernel may read the old value, but only
 * the element that it replaces.
 */
export function assignUpdates(
  writer: Writer,
  units: readonly Unit[],
  roots: readonly Node[],
  assignments: readonly Assignment[],
  dependenciesOf: (node: Node) => readonly Node[],
): void {
  for (const [target, value] of assignments) {
    const variable = viewedNode(target);
    const at = units.findIndex(({ nodes }) => nodes.includes(value));
    if (at < 0 || value.op.view) continue;
    const elementwise = "elementwise" in value.op;
    const readLater = units.some(({ nodes }, i) => {
      if (i < at) return false;
      const readers = nodes.filter((node) => dependenciesOf(node).length > 0 && readsMemoryOf(node, variable));
      if (i > at) return readers.length > 0;
      return !elementwise ? readers.length > 0 : readers.some((node) => !readsPlainly(node, target));
    });
    const wantedAtTheEnd = roots.some((root) => viewedNode(root) === variable);
    const updatesAnother = assignments.some(([other, otherValue]) => other !== target && otherValue === value);
    if (!readLater && !wantedAtTheEnd && !updatesAnother) writer.assignBuffer(value, targetView(writer, target));
  }
}

/** Copies the new values that could not be computed in place; those in the memory of another variable are saved before it changes. */
export function writeUpdates(writer: Writer, assignments: readonly Assignment[]): void {
  const pending = assignments.flatMap(([target, value]) => {
    const [from, to] = [writer.view(value), targetView(writer, target)];
    if (from.buffer === to.buffer && from.offset === to.offset && sameShape(from.strides, to.strides)) return [];
    if (writer.drafts[from.buffer]!.role !== "variable") return [{ from, to }];
    const saved = writer.scratch(value.shape, value.dtype);
    writer.copy(from, saved);
    return [{ from: saved, to }];
  });
  for (const { from, to } of pending) writer.copy(from, to);
}

/** The memory of a variable, or of a slice of one. */
function targetView(writer: Writer, target: Node): View {
  if (!isOp(target, sliceOp)) return writer.view(target);
  const { axis, start } = target.attributes;
  return sliceView(targetView(writer, target.inputs[0]!), axis, start, target.shape[axis]!);
}

/** Whether the node reads the variable only through the view of the target. */
function readsPlainly(node: Node, target: Node): boolean {
  const variable = viewedNode(target);
  return (
    node.inputs.every((input) => input === target || !readsMemoryOf({ ...node, inputs: [input] }, variable)) &&
    sameShape(node.shape, target.shape)
  );
}

/** Whether a node reads the memory of `target`, directly or through views. */
function readsMemoryOf(node: Node, target: Node): boolean {
  return dependencies(node).some((dependency) => viewedNode(dependency) === target);
}
