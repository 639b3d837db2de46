/** Ranges: parts of values, such as some columns of a matrix or one gate's part of a fused product. */
import { isOp, type Node } from "../graph.js";
import { broadcastOp, concatOp, padOp, reshapeOp } from "../ops/index.js";
import type { SymbolExpression } from "./expression.js";

/** `size` elements from `start` on, along one axis. */
export interface Range {
  /** Counted from the last axis, which is 0. */
  readonly axis: number;
  readonly start: number;
  readonly size: number;
  /** The label of the part; without one its numbers are written. */
  readonly label?: string;
}

/** Drops the ranges that cover a whole axis. */
export function dropCovered(ranges: readonly Range[], shape: readonly number[]): readonly Range[] {
  return ranges.filter(({ axis, start, size }) => axis < shape.length && (start !== 0 || size !== shape.at(-1 - axis)));
}

/** A key that is equal for equal parts. */
export function rangeKey(ranges: readonly Range[]): string {
  return ranges
    .map(({ axis, start, size }) => `${axis}:${start}:${size}`)
    .sort()
    .join(" ");
}

/** The pieces of a concatenated or padded value along its last axis, or undefined for other values; outside the pieces it is zero. */
export function rangesOf(node: Node, letters: ReadonlyMap<Node, SymbolExpression>): Range[] | undefined {
  if (letters.has(node)) return undefined;
  if (isOp(node, reshapeOp) || isOp(node, broadcastOp)) {
    const source = node.inputs[0]!;
    return source.shape.at(-1) === node.shape.at(-1) ? rangesOf(source, letters) : undefined;
  }
  const last = node.shape.length - 1;
  if (isOp(node, padOp) && node.attributes.axis === last) {
    return [{ axis: 0, start: node.attributes.before, size: node.inputs[0]!.shape[last]! }];
  }
  if (isOp(node, concatOp) && node.attributes.axis === last) {
    let start = 0;
    return node.inputs.map((source) => {
      const size = source.shape[last]!;
      start += size;
      const letter = letters.get(source);
      return { axis: 0, start: start - size, size, label: letter?.role === "value" ? letter.name : undefined };
    });
  }
  if (node.op.name !== "add") return undefined;
  const pieces = node.inputs.map((source) => rangesOf(source, letters));
  if (pieces.some((found) => !found)) return undefined;
  const distinct = [...new Map(pieces.flatMap((found) => found!).map((range) => [rangeKey([range]), range])).values()];
  const sorted = distinct.sort((a, b) => a.start - b.start);
  return sorted.every((range, i) => i === 0 || sorted[i - 1]!.start + sorted[i - 1]!.size <= range.start)
    ? sorted
    : undefined;
}
