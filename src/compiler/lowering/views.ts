/** Strided views of buffers: slices, transposes and broadcasts become views, which cost nothing. */
import { contiguousStrides, type Shape, sizeOf } from "../../tensor/shape.js";
import type { Operand } from "../program.js";

export interface View extends Operand {
  readonly shape: Shape;
}

/** The whole of a buffer, row-major. */
export function wholeBuffer(buffer: number, shape: Shape): View {
  return { buffer, offset: 0, shape, strides: contiguousStrides(shape), step: 0 };
}

/** Whether the view's elements follow one another without gaps. */
export function isContiguous({ shape, strides }: View): boolean {
  if (shape.includes(0)) return true;
  const expected = contiguousStrides(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === expected[axis]);
}

export function transposeView(view: View, permutation: readonly number[]): View {
  return {
    ...view,
    shape: permutation.map((axis) => view.shape[axis]!),
    strides: permutation.map((axis) => view.strides[axis]!),
  };
}

export function sliceView(view: View, axis: number, start: number, size: number): View {
  const shape = view.shape.map((length, i) => (i === axis ? size : length));
  return { ...view, offset: view.offset + start * view.strides[axis]!, shape };
}

export function reverseView(view: View, axis: number): View {
  const strides = view.strides.map((stride, i) => (i === axis ? -stride : stride));
  return { ...view, offset: view.offset + (view.shape[axis]! - 1) * view.strides[axis]!, strides };
}

export function broadcastView(view: View, shape: Shape): View {
  const lead = shape.length - view.shape.length;
  const strides = shape.map((size, axis) =>
    axis < lead || (view.shape[axis - lead] === 1 && size !== 1) ? 0 : view.strides[axis - lead]!,
  );
  return { ...view, shape, strides };
}

/** One step of a view with a leading time axis. */
export function stepView(view: View): View {
  return { ...view, shape: view.shape.slice(1), strides: view.strides.slice(1), step: view.strides[0]! };
}

/** The view under another shape; undefined if its elements cannot be reached by strides (then they must be copied). */
export function reshapeView(view: View, shape: Shape): View | undefined {
  // No strides are needed where there is no element.
  if (shape.includes(0)) return { ...view, shape, strides: contiguousStrides(shape) };
  const strides = new Array<number>(shape.length).fill(0);
  let from = view.shape.length - 1;
  let to = shape.length - 1;
  while (to >= 0) {
    if (shape[to] === 1) {
      strides[to--] = 1;
      continue;
    }
    while (from >= 0 && view.shape[from] === 1) from--;
    if (from < 0) return undefined;
    // Take old axes until they hold as much as the new ones taken.
    let oldSize = view.shape[from]!;
    let newSize = shape[to]!;
    const newEnd = to;
    const oldEnd = from;
    while (oldSize !== newSize) {
      if (oldSize < newSize) {
        from--;
        if (from < 0) return undefined;
        oldSize *= view.shape[from]!;
      } else {
        to--;
        newSize *= shape[to]!;
      }
    }
    if (!isMergeable(view, from, oldEnd)) return undefined;
    let stride = view.strides[oldEnd]!;
    for (let axis = newEnd; axis >= to; axis--) {
      strides[axis] = stride;
      stride *= shape[axis]!;
    }
    from--;
    to--;
  }
  return { ...view, shape, strides };
}

/** Whether axes first … last behave as one axis with the stride of the last. */
function isMergeable({ shape, strides }: View, first: number, last: number): boolean {
  let expected: number | undefined;
  for (let axis = last; axis >= first; axis--) {
    if (shape[axis] === 1) continue;
    if (expected !== undefined && strides[axis] !== expected) return false;
    expected = strides[axis]! * shape[axis]!;
  }
  return true;
}

/** The view with all axes but the last `keep` merged into one leading axis; undefined if strides do not allow it. */
export function mergeLeading(view: View, keep: number): View | undefined {
  const lead = view.shape.length - keep;
  return reshapeView(view, [sizeOf(view.shape.slice(0, lead)), ...view.shape.slice(lead)]);
}
