/** Parts of values: some columns of a matrix, the share of one gate in a fused product. */
import { isOp, type Node } from "../graph.js";
import { broadcastOp, concatOp, padOp, reshapeOp } from "../ops/index.js";
import type { SymbolExpression } from "./expression.js";

/** `size` elements from `start` on, along one axis. */
export interface Range {
  /** Counted from the last axis, which is 0. */
  readonly axis: number;
  readonly start: number;
  readonly size: number;
  /** What to call the part; its numbers if nobody knows. */
  readonly label?: string;
}

/** The ranges that leave something out. */
export function dropCovered(ranges: readonly Range[], shape: readonly number[]): readonly Range[] {
  return ranges.filter(({ axis, start, size }) => axis < shape.length && (start !== 0 || size !== shape.at(-1 - axis)));
}

/** Tells parts apart. */
export function rangeKey(ranges: readonly Range[]): string {
  return ranges
    .map(({ axis, start, size }) => `${axis}:${start}:${size}`)
    .sort()
    .join(" ");
}

/** The pieces that a value consists of along its last axis, if it was put together from such; elsewhere it is zero. */
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
