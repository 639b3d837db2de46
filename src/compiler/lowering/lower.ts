/**
 * Lowering: writes the instructions of one scope — the whole graph, or the body of a scan — unit by unit. A result that belongs into certain
 * memory (part of a concatenation, the next row of a state's history, a weight) is computed there.
 */
import {
  constantOp,
  isElementwise,
  isOp,
  isScan,
  leafOp,
  type Node,
  type ScanAttributes,
  scanOutputOp,
} from "../../equations/index.js";
import { readersOf } from "../readers.js";
import { asSoftmax } from "../softmax-family.js";
import { fuse, type Unit } from "./fuse.js";
import { fusibleGathers } from "./gather-fusion.js";
import { assignInPlace } from "./in-place.js";
import { writeMap } from "./write-map.js";
import { writeOperation } from "./write-operation.js";
import { writeSoftmax } from "./write-softmax.js";
import type { Writer } from "./writer.js";

export interface Scope {
  /** The scope's nodes, each after what it depends on; leaves, constants and placeholders may be among them. */
  readonly order: readonly Node[];
  /** Values that must lie in memory at the end, besides those that another unit reads. */
  readonly required: ReadonlySet<Node>;
  /** The dependencies of a node; those of a scan include the values that its outputs capture. */
  readonly dependenciesOf: (node: Node) => readonly Node[];
  /** Changes the order of the units. */
  readonly arrange?: (units: readonly Unit[]) => readonly Unit[];
  /** Assigns memory to results. Called with the units in their order, before the first is written. */
  readonly assignResults?: (units: readonly Unit[]) => void;
  /** Writes a scan. */
  readonly writeScan: (node: Node<ScanAttributes>) => void;
}

export function lowerScope(writer: Writer, scope: Scope): void {
  const { order, required, dependenciesOf } = scope;
  const computed = order.filter((node) => !isOp(node, leafOp) && !isOp(node, constantOp));
  const fused = fuse(computed, dependenciesOf, writer.isEnabled("fusion"));
  const units = scope.arrange?.(fused) ?? fused;
  const unitOf = new Map(units.flatMap((unit) => unit.nodes.map((node): [Node, Unit] => [node, unit])));
  const readers = readersOf(computed, dependenciesOf);
  scope.assignResults?.(units);
  assignInPlace(writer, { computed, units, readers, required, dependenciesOf });
  const visible = (node: Node): boolean =>
    required.has(node) || (readers.get(node) ?? []).some((reader) => unitOf.get(reader) !== unitOf.get(node));
  const fusesGathers = writer.isEnabled("gatherFusion") && !writer.insideLoop;
  const gathers = fusesGathers ? fusibleGathers(units, (node) => readers.get(node) ?? [], required) : new Set<Node>();
  for (const { nodes } of units) {
    const first = nodes[0]!;
    if (isElementwise(first)) {
      if (nodes.some(visible)) writeMap(writer, nodes.filter(isElementwise), visible, gathers);
    } else if (asSoftmax(first)) writeSoftmax(writer, nodes);
    else if (isScan(first)) scope.writeScan(first);
    else if (!isOp(first, scanOutputOp) && !gathers.has(first)) writeOperation(writer, first);
  }
}
