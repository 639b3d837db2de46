/**
 * Elementwise work in few loops: axes of size 1 are dropped, axes that lie one after the other in every view are merged, and the
 * axis along which most views are contiguous (or constant) becomes the innermost, so that four elements go at a time.
 */
import type { Shape } from "../../tensor/shape.js";

export interface Axis {
  readonly size: number;
  /** Elements to move in each view. */
  readonly strides: readonly number[];
}

/** The axes of an iteration space, outermost first; at least one. Their order does not matter to the result. */
export function iterationSpace(shape: Shape, strides: readonly (readonly number[])[]): Axis[] {
  const axes = shape
    .map((size, i): Axis => ({ size, strides: strides.map((view) => view[i]!) }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => Math.abs(b.strides.at(-1)!) - Math.abs(a.strides.at(-1)!));
  const merged: Axis[] = [];
  for (const axis of axes) {
    const outer = merged.at(-1);
    if (outer?.strides.every((stride, i) => stride === axis.strides[i]! * axis.size)) {
      merged[merged.length - 1] = { size: outer.size * axis.size, strides: axis.strides };
    } else {
      merged.push(axis);
    }
  }
  if (merged.length === 0) return [{ size: 1, strides: strides.map(() => 1) }];
  const innermost = merged.reduce((best, axis) => (costOfInner(axis) <= costOfInner(best) ? axis : best));
  return [...merged.filter((axis) => axis !== innermost), innermost];
}

/** The axes in their own order, none of them merged. */
export function asTheyAre(shape: Shape, strides: readonly (readonly number[])[]): Axis[] {
  return shape.map((size, i) => ({ size, strides: strides.map((view) => view[i]!) }));
}

/** Roughly the cycles per element when this axis is the innermost: a strided access costs five contiguous ones. */
function costOfInner({ size, strides }: Axis): number {
  const perVector = strides.reduce((sum, stride) => sum + (stride === 0 || stride === 1 ? 1 : 5), 2);
  const perRow = 2 * strides.length + 6;
  return (Math.ceil(size / 4) * perVector + perRow) / size;
}

/** Every offset of the outer axes: what is left over when a kernel runs only the innermost `levels` axes itself. */
export function outerOffsets(axes: readonly Axis[], levels: number, views: number): number[][] {
  let offsets: number[][] = [new Array(views).fill(0)];
  for (const { size, strides } of axes.slice(0, Math.max(0, axes.length - levels))) {
    offsets = offsets.flatMap((base) =>
      Array.from({ length: size }, (_, i) => base.map((offset, view) => offset + i * strides[view]!)),
    );
  }
  return offsets;
}
