/**
 * In place: a value is computed in the memory of its reader if nothing else reads it: the parts of a concatenation, the table that rows are added
 * to, the input of a softmax.
 */
import {
  type AxisAttributes,
  concatOp,
  type GatherAttributes,
  isOp,
  type Node,
  reshapeOp,
  scanOutputOp,
  scatterAddOp,
} from "../../equations/index.js";
import { asSoftmax } from "../softmax-family.js";
import { viewedNode } from "../viewed.js";
import type { Unit } from "./fuse.js";
import { isContiguous, reshapeView } from "./views.js";
import { concatParts } from "./write-operation.js";
import type { Writer } from "./writer.js";

export interface ScopeOrder {
  /** The nodes that are computed, in order. */
  readonly computed: readonly Node[];
  readonly units: readonly Unit[];
  readonly readers: ReadonlyMap<Node, readonly Node[]>;
  /** Values that must lie in memory at the end. */
  readonly required: ReadonlySet<Node>;
  readonly dependenciesOf: (node: Node) => readonly Node[];
}

/** Assigns memory to values that can be computed in the memory of their readers. */
export function assignInPlace(writer: Writer, scope: ScopeOrder): void {
  assignConcatParts(writer, scope);
  assignScatterBases(writer, scope);
  assignSoftmaxSources(writer, scope);
}

/** A value that only a concatenation reads is computed in its part of the whole. Outer concatenations come first. */
function assignConcatParts(writer: Writer, { computed, readers }: ScopeOrder): void {
  const inScope = new Set(computed);
  for (const node of computed.toReversed()) {
    if (!isOp<AxisAttributes>(node, concatOp)) continue;
    const whole = writer.reserve(node);
    if (!whole) continue;
    concatParts(node, whole).forEach((view, i) => {
      const part = node.inputs[i]!;
      const isMovable =
        inScope.has(part) && !part.op.view && !isOp(part, scanOutputOp) && readers.get(part)?.length === 1;
      if (isMovable) writer.assignBuffer(part, view);
    });
  }
}

/** The table that rows are added to is computed in the memory of the result, if nothing else reads it. */
function assignScatterBases(writer: Writer, { computed, readers }: ScopeOrder): void {
  const inScope = new Set(computed);
  for (const node of computed) {
    const base = node.inputs[2];
    if (!isOp<GatherAttributes>(node, scatterAddOp) || !base) continue;
    const whole = writer.reserve(node);
    if (!whole) continue;
    const seen = isOp(base, reshapeOp) && readers.get(base)?.length === 1 ? base.inputs[0]! : base;
    const isMovable =
      inScope.has(seen) && !seen.op.view && !isOp(seen, scanOutputOp) && readers.get(seen)?.length === 1;
    const view = reshapeView(whole, seen.shape);
    if (isMovable && view) writer.assignBuffer(seen, view);
  }
}

/** The input of a softmax is computed in the memory of its output, if nothing reads it later: the memory is read and written once. */
function assignSoftmaxSources(writer: Writer, { computed, units, required, dependenciesOf }: ScopeOrder): void {
  const wanted = new Set([...required].map(viewedNode));
  const inScope = new Set(computed);
  units.forEach(({ nodes }, at) => {
    const probabilities = nodes.find((node) => (asSoftmax(node)?.form ?? "logSumExp") !== "logSumExp");
    if (!probabilities) return;
    const { x, scale } = asSoftmax(probabilities)!;
    const isMovable = inScope.has(x) && !x.op.view && !isOp(x, scanOutputOp) && !wanted.has(x);
    const readLater = units
      .slice(at + 1)
      .some((unit) => unit.nodes.some((node) => dependenciesOf(node).some((source) => viewedNode(source) === x)));
    if (!isMovable || readLater || (scale && viewedNode(scale) === x)) return;
    const whole = writer.reserve(probabilities);
    if (whole && isContiguous(whole)) writer.assignBuffer(x, whole);
  });
}
