/**
 * Lowering: writes the instructions of one scope — the whole graph, or the body of a scan — unit by unit. Where a result is wanted in a
 * certain place (part of a concatenation, the next row of a state's history, a weight), it is computed right there.
 */
import {
  type AxisAttributes,
  concatOp,
  constantOp,
  dependencies,
  type GatherAttributes,
  isElementwise,
  isOp,
  isScan,
  leafOp,
  type Node,
  reshapeOp,
  type ScanAttributes,
  type ScanOutputAttributes,
  scanOutputOp,
  scatterAddOp,
} from "../../equations/index.js";
import { softmaxParts } from "../passes/softmax-shares.js";
import { readersOf } from "../readers.js";
import { viewedNode } from "../viewed.js";
import { fuse, type Unit } from "./fuse.js";
import { chosenRows } from "./gather-fusion.js";
import { concatParts, writeMap, writeNode } from "./instructions.js";
import { writeSoftmax } from "./softmax-instruction.js";
import { isContiguous, reshapeView } from "./views.js";
import type { Writer } from "./writer.js";

export interface Scope {
  /** The scope's nodes, each after what it depends on; leaves, constants and placeholders may be among them. */
  readonly order: readonly Node[];
  /** Values that must lie in memory at the end, beside those that another unit reads. */
  readonly required: ReadonlySet<Node>;
  /** What a node waits for; scans wait for what their outputs capture, too. */
  readonly dependenciesOf: (node: Node) => readonly Node[];
  readonly fuse: boolean;
  /** Puts the units in another order. */
  readonly arrange?: (units: readonly Unit[]) => readonly Unit[];
  /** Called with the units in their order, before any is written: the moment to place results. */
  readonly place?: (units: readonly Unit[]) => void;
  /** Writes a scan. */
  readonly writeScan: (node: Node<ScanAttributes>) => void;
}

export function lowerScope(writer: Writer, scope: Scope): void {
  const { order, required, dependenciesOf } = scope;
  const computed = order.filter((node) => !isOp(node, leafOp) && !isOp(node, constantOp));
  const fused = fuse(computed, dependenciesOf, scope.fuse);
  const units = scope.arrange?.(fused) ?? fused;
  const unitOf = new Map(units.flatMap((unit) => unit.nodes.map((node): [Node, Unit] => [node, unit])));
  const readers = readersOf(computed, dependenciesOf);
  scope.place?.(units);
  placeConcatParts(writer, computed, readers);
  placeScatterBases(writer, computed, readers);
  placeSoftmaxSources(writer, units, required, dependenciesOf);
  const visible = (node: Node): boolean =>
    required.has(node) || (readers.get(node) ?? []).some((reader) => unitOf.get(reader) !== unitOf.get(node));
  const chosen = writer.insideLoop ? new Set<Node>() : chosenRows(units, (node) => readers.get(node) ?? [], required);
  const byRows = scope.fuse ? chosen : undefined;
  for (const { nodes } of units) {
    const first = nodes[0]!;
    if (isElementwise(first)) {
      if (nodes.some(visible)) writeMap(writer, nodes, visible, byRows);
    } else if (softmaxParts(first)) writeSoftmax(writer, nodes);
    else if (isScan(first)) scope.writeScan(first);
    else if (!isOp<ScanOutputAttributes>(first, scanOutputOp) && !byRows?.has(first)) writeNode(writer, first);
  }
}

/** A value that only a concatenation reads is computed in its part of the whole. Outer concatenations come first. */
function placeConcatParts(writer: Writer, order: readonly Node[], readers: ReadonlyMap<Node, readonly Node[]>): void {
  const inScope = new Set(order);
  for (const node of order.toReversed()) {
    if (!isOp<AxisAttributes>(node, concatOp)) continue;
    const whole = writer.placeWhole(node);
    if (!whole) continue;
    concatParts(node, whole).forEach((place, i) => {
      const part = node.inputs[i]!;
      const own = inScope.has(part) && !part.op.view && !isOp(part, scanOutputOp) && readers.get(part)?.length === 1;
      if (own) writer.place(part, place);
    });
  }
}

/** What rows are added to is computed right there, if nothing else reads it. */
function placeScatterBases(writer: Writer, order: readonly Node[], readers: ReadonlyMap<Node, readonly Node[]>): void {
  const inScope = new Set(order);
  for (const node of order) {
    const base = node.inputs[2];
    if (!isOp<GatherAttributes>(node, scatterAddOp) || !base) continue;
    const whole = writer.placeWhole(node);
    if (!whole) continue;
    const seen = isOp(base, reshapeOp) && readers.get(base)?.length === 1 ? base.inputs[0]! : base;
    const own = inScope.has(seen) && !seen.op.view && !isOp(seen, scanOutputOp) && readers.get(seen)?.length === 1;
    const place = reshapeView(whole, seen.shape);
    if (own && place) writer.place(seen, place);
  }
}

/** What a softmax is made of is computed where the softmax will be, if nothing reads it later: its memory is read and written once. */
function placeSoftmaxSources(
  writer: Writer,
  units: readonly Unit[],
  required: ReadonlySet<Node>,
  dependenciesOf: (node: Node) => readonly Node[],
): void {
  const wanted = new Set([...required].map(viewedNode));
  const computed = new Set(units.flatMap(({ nodes }) => nodes));
  units.forEach(({ nodes }, at) => {
    const shares = nodes.find((node) => (softmaxParts(node)?.form ?? "logSumExp") !== "logSumExp");
    if (!shares) return;
    const { x, scale } = softmaxParts(shares)!;
    const own = computed.has(x) && !x.op.view && !isOp(x, scanOutputOp) && !wanted.has(x);
    const readLater = units
      .slice(at + 1)
      .some((unit) => unit.nodes.some((node) => dependenciesOf(node).some((source) => viewedNode(source) === x)));
    if (!own || readLater || (scale && viewedNode(scale) === x)) return;
    const whole = writer.placeWhole(shares);
    if (whole && isContiguous(whole)) writer.place(x, whole);
  });
}

/** Which nodes wait for the memory of `target`, directly or through views. */
export function readsMemoryOf(node: Node, target: Node): boolean {
  return dependencies(node).some((dependency) => viewedNode(dependency) === target);
}
