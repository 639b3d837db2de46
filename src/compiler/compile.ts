/**
 * From a graph to a program: the passes hoist and sink move work out of loops, lowering writes instructions with elementwise chains fused,
 * and schedule finds every buffer its place. Each pass can be turned off; the numbers stay the same but for rounding.
 */
import {
  executionDependencies,
  executionOrder,
  isOp,
  type Node,
  type ScanAttributes,
  scansOf,
  sliceOp,
} from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import { formatShape, sameShape, sizeOf } from "../tensor/shape.js";
import type { Unit } from "./lowering/fuse.js";
import { putOffUpdates } from "./lowering/late-updates.js";
import { lowerScope, readsMemoryOf } from "./lowering/lower.js";
import { lowerScan } from "./lowering/scans.js";
import { isContiguous, sliceView, type View } from "./lowering/views.js";
import { Writer } from "./lowering/writer.js";
import { foldSoftmax } from "./passes/fold-softmax.js";
import { rewriteScans } from "./passes/rewrite.js";
import type { Port, Program } from "./program.js";
import { schedule } from "./schedule.js";
import { viewedNode } from "./viewed.js";

export interface Equations {
  readonly name: string;
  /** Input nodes by port name. */
  readonly inputs: Readonly<Record<string, Node>>;
  /** Values wanted back, by port name. */
  readonly outputs: Readonly<Record<string, Node>>;
  /** New values of variables, or of slices of them. All are computed from the old values. */
  readonly updates?: readonly (readonly [target: Node, value: Node])[];
}

export interface Passes {
  readonly hoist: boolean;
  readonly sink: boolean;
  readonly fuse: boolean;
}

const everyPass: Passes = { hoist: true, sink: true, fuse: true };

/**
 * Compiles equations to a program.
 *
 * @throws ConfigError when an updated node is no variable; ShapeError when an update changes a shape
 * @example compile({ name: "square", inputs: { x }, outputs: { y: square(x) } })
 */
export function compile({ name, inputs, outputs, updates = [] }: Equations, passes: Partial<Passes> = {}): Program {
  const enabled = { ...everyPass, ...passes };
  for (const [target, value] of updates) checkUpdate(target, value);
  const rewritten = rewrite([...Object.values(outputs), ...updates.map(([, value]) => value)], enabled);
  const results = Object.entries(outputs).map(([port, node]): [string, Node] => [port, rewritten(node)]);
  const assignments = updates.map(([target, value]): [Node, Node] => [target, rewritten(value)]);
  const roots = [...results.map(([, node]) => node), ...assignments.map(([, value]) => value)];

  const writer = new Writer();
  for (const [port, node] of Object.entries(inputs)) writer.input(port, node);
  const scans = scansOf(roots);
  const dependenciesOf = executionDependencies(scans);
  const writeScan = (scan: Node<ScanAttributes>): void => {
    lowerScan(writer, { scan, outputs: scans.get(scan)!, dependenciesOf, fuse: enabled.fuse, writeScan });
  };
  lowerScope(writer, {
    order: executionOrder(roots),
    required: new Set(roots),
    dependenciesOf,
    fuse: enabled.fuse,
    arrange: (units) => putOffUpdates(units, assignments, dependenciesOf),
    place: (units) => placeUpdates(writer, units, roots, assignments, dependenciesOf),
    writeScan,
  });
  const ports = results.map(([port, node]) => outputPort(writer, port, node));
  writeUpdates(writer, assignments);
  const { buffers, arenaSize } = schedule(writer.drafts, writer.instructions);
  return {
    name,
    buffers,
    instructions: writer.instructions,
    inputs: writer.inputs,
    variables: writer.variables,
    outputs: ports,
    arenaSize,
  };
}

function rewrite(roots: readonly Node[], passes: Passes): (node: Node) => Node {
  const rewritten = rewriteScans(roots, passes);
  if (!passes.fuse) return rewritten;
  const folded = foldSoftmax(roots.map(rewritten));
  return (node) => folded(rewritten(node));
}

/**
 * An update is computed right in the variable's memory when nobody reads the old value afterwards; in the same kernel only the very same
 * elements may be read.
 */
function placeUpdates(
  writer: Writer,
  units: readonly Unit[],
  roots: readonly Node[],
  assignments: readonly (readonly [Node, Node])[],
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
    if (!readLater && !wantedAtTheEnd && !updatesAnother) writer.place(value, targetView(writer, target));
  }
}

/** Copies the new values that could not be computed in place; those that lie in another variable are saved before it changes. */
function writeUpdates(writer: Writer, assignments: readonly (readonly [Node, Node])[]): void {
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

/** Whether the node reads the variable only as the target does, never through another view. */
function readsPlainly(node: Node, target: Node): boolean {
  const variable = viewedNode(target);
  return (
    node.inputs.every((input) => input === target || !readsMemoryOf({ ...node, inputs: [input] }, variable)) &&
    sameShape(node.shape, target.shape)
  );
}

function outputPort(writer: Writer, name: string, node: Node): Port {
  let view = writer.view(node);
  const draft = writer.drafts[view.buffer]!;
  const whole = view.offset === 0 && isContiguous(view) && draft.size === sizeOf(node.shape);
  if (!whole || draft.role !== "scratch" || draft.fromStart || draft.toEnd) {
    const copy = writer.scratch(node.shape, node.dtype, { name });
    writer.copy(view, copy);
    view = copy;
  }
  writer.drafts[view.buffer]!.toEnd = true;
  return { name, shape: node.shape, dtype: node.dtype, buffer: view.buffer };
}

function checkUpdate(target: Node, value: Node): void {
  let variable = target;
  while (isOp(variable, sliceOp)) variable = variable.inputs[0]!;
  if ((variable.attributes as { role?: string } | undefined)?.role !== "variable") {
    throw new ConfigError(`compile: only variables can be updated, received a value made by "${variable.op.name}".`);
  }
  if (!sameShape(target.shape, value.shape)) {
    throw new ShapeError(
      `compile: variable "${variable.name}" is ${formatShape(target.shape)}, its new value ${formatShape(value.shape)}.`,
    );
  }
}
