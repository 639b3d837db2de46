/**
 * Linear rearrangements: numbers are moved, repeated, or added up. The derivative of each operation is another one of this file
 * (slice ↔ pad, broadcast ↔ sum). Operations marked `view` compute nothing: the compiler turns them into strides.
 */
import { ShapeError } from "../../errors.js";
import { checkOptions, flag, formatValue } from "../../options/index.js";
import type { DType } from "../../tensor/dtype.js";
import {
  broadcastShapes,
  checkAxes,
  checkShape,
  checkWhole,
  formatShape,
  resolveAxis,
  type Shape,
  sameShape,
  sizeOf,
} from "../../tensor/shape.js";
import { checkOperand, checkOperands } from "../check-operand.js";
import { makeNode, type Node, type Op } from "../graph.js";

/** Rule for ops whose node keeps its input's dtype. */
function view<A>(op: Op<A>, x: Node, shape: Shape, attributes: A): Node<A> {
  return makeNode(op, [x], shape, attributes, { dtype: x.dtype });
}

/** See `reshape`. */
export const reshapeOp: Op<undefined> = {
  name: "reshape",
  view: true,
  derivative: ({ node, dy }) => [reshape(dy, node.inputs[0]!.shape)],
};

/** The same elements in row-major order under another shape of equal size. */
export function reshape(x: Node, shape: Shape): Node {
  checkOperand(x);
  if (sizeOf(checkShape("reshape", shape)) !== sizeOf(x.shape)) {
    throw new ShapeError(
      `reshape: ${formatShape(x.shape)} has ${sizeOf(x.shape)} elements, ${formatShape(shape)} has ${sizeOf(shape)}.`,
    );
  }
  return sameShape(shape, x.shape) ? x : view(reshapeOp, x, shape, undefined);
}

/** Attributes of a transposition. */
export interface TransposeAttributes {
  /** Axis i of the result is axis permutation[i] of the input. */
  readonly permutation: readonly number[];
}

/** See `transpose`. */
export const transposeOp: Op<TransposeAttributes> = {
  name: "transpose",
  view: true,
  derivative: ({ node, dy }) => {
    const { permutation } = node.attributes;
    return [
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ];
  },
};

/** Reorders the axes; reverses them if no permutation is given. */
export function transpose(x: Node, permutation: readonly number[] = [...checkOperand(x).shape.keys()].reverse()): Node {
  const axes = checkOperand(x).shape.length;
  const valid =
    Array.isArray(permutation) && permutation.length === axes && x.shape.every((_, axis) => permutation.includes(axis));
  if (!valid)
    throw new ShapeError(
      `transpose: ${formatValue(permutation)} is not a permutation of the ${x.shape.length} axes of ${formatShape(x.shape)}.`,
    );
  if (permutation.every((axis, i) => axis === i)) return x;
  if (x.op === transposeOp) {
    const before = (x as Node<TransposeAttributes>).attributes.permutation;
    return transpose(
      x.inputs[0]!,
      permutation.map((axis) => before[axis]!),
    );
  }
  return view(
    transposeOp,
    x,
    permutation.map((axis) => x.shape[axis]!),
    { permutation },
  );
}

/** The start of a slice; its size is the size of the result. */
export interface SliceAttributes {
  readonly axis: number;
  readonly start: number;
}

/** See `slice`. */
export const sliceOp: Op<SliceAttributes> = {
  name: "slice",
  view: true,
  derivative: ({ node, dy }) => {
    const { axis, start } = node.attributes;
    return [pad(dy, axis, start, node.inputs[0]!.shape[axis]! - start - node.shape[axis]!)];
  },
};

/** `size` elements of one axis, from `start` on. */
export function slice(x: Node, axis: number, start: number, size: number): Node {
  checkOperand(x);
  checkWhole("slice", { start, size });
  const resolved = resolveAxis("slice", axis, x.shape.length);
  const length = x.shape[resolved]!;
  if (start < 0 || size < 0 || start + size > length) {
    throw new ShapeError(
      `slice: ${start} … ${start + size} is outside axis ${resolved} of ${formatShape(x.shape)}, which has ${length}.`,
    );
  }
  if (size === length) return x;
  return view(
    sliceOp,
    x,
    x.shape.map((n, i) => (i === resolved ? size : n)),
    { axis: resolved, start },
  );
}

/** Attributes of an operation along one axis. */
export interface AxisAttributes {
  readonly axis: number;
}

/** See `reverse`. */
export const reverseOp: Op<AxisAttributes> = {
  name: "reverse",
  view: true,
  derivative: ({ node, dy }) => [reverse(dy, node.attributes.axis)],
};

/** Reverses the order along one axis. */
export function reverse(x: Node, axis: number): Node {
  checkOperand(x);
  return view(reverseOp, x, x.shape, { axis: resolveAxis("reverse", axis, x.shape.length) });
}

/** See `broadcastTo`. */
export const broadcastOp: Op<undefined> = {
  name: "broadcast",
  view: true,
  derivative: ({ node, dy }) => [sumTo(dy, node.inputs[0]!.shape)],
};

/** Repeats axes of size 1, and adds leading axes, by NumPy's rule. */
export function broadcastTo(x: Node, shape: Shape): Node {
  checkOperand(x);
  if (sameShape(x.shape, checkShape("broadcastTo", shape))) return x;
  if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape)) {
    throw new ShapeError(`broadcastTo: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}.`);
  }
  return view(broadcastOp, x, shape, undefined);
}

/** Adds an axis of size 1. */
export function expandDims(x: Node, axis: number): Node {
  checkOperand(x);
  const position = resolveAxis("expandDims", axis, x.shape.length + 1);
  return reshape(x, [...x.shape.slice(0, position), 1, ...x.shape.slice(position)]);
}

/** See `stopGradient`. */
export const stopGradientOp: Op<undefined> = { name: "stopGradient", view: true, derivative: () => [undefined] };

/** The same value; no gradient flows through it. */
export function stopGradient(x: Node): Node {
  checkOperand(x);
  return view(stopGradientOp, x, x.shape, undefined);
}

/** See `concat`. */
export const concatOp: Op<AxisAttributes> = {
  name: "concat",
  derivative: ({ node, dy }) => {
    let start = 0;
    return node.inputs.map((part) => {
      const size = part.shape[node.attributes.axis]!;
      start += size;
      return slice(dy, node.attributes.axis, start - size, size);
    });
  },
};

/** Tensors one after another along an axis; their other axes are equal. */
export function concat(parts: readonly Node[], axis = -1): Node {
  if (checkOperands("concat", parts).length === 0)
    throw new ShapeError("concat: expected at least one tensor, received none.");
  const first = parts[0]!;
  const resolved = resolveAxis("concat", axis, first.shape.length);
  for (const { shape } of parts) {
    if (shape.length !== first.shape.length || shape.some((size, i) => i !== resolved && size !== first.shape[i])) {
      throw new ShapeError(
        `concat: along axis ${resolved} the other axes must be equal, received ${parts.map((part) => formatShape(part.shape)).join(", ")}.`,
      );
    }
  }
  if (parts.length === 1) return first;
  const total = parts.reduce((sum, { shape }) => sum + shape[resolved]!, 0);
  const shape = first.shape.map((size, i) => (i === resolved ? total : size));
  return makeNode(concatOp, parts, shape, { axis: resolved }, { dtype: first.dtype });
}

/** Attributes of padding: the axis, and the numbers of zeros. */
export interface PadAttributes {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** See `pad`. */
export const padOp: Op<PadAttributes> = {
  name: "pad",
  derivative: ({ node, dy }) => {
    const { axis, before } = node.attributes;
    return [slice(dy, axis, before, node.inputs[0]!.shape[axis]!)];
  },
};

/** Zeros before and after, along one axis. */
export function pad(x: Node, axis: number, before: number, after: number): Node {
  checkOperand(x);
  checkWhole("pad", { before, after });
  const resolved = resolveAxis("pad", axis, x.shape.length);
  if (before === 0 && after === 0) return x;
  return makeNode(
    padOp,
    [x],
    x.shape.map((size, i) => (i === resolved ? before + size + after : size)),
    { axis: resolved, before, after },
  );
}

/** Attributes of a reduction. */
export interface ReduceAttributes {
  /** Axes reduced, ascending. */
  readonly axes: readonly number[];
}

/** Options of every reduction. */
export interface ReduceOptions {
  /** Keep reduced axes with size 1. */
  readonly keepDims?: boolean;
}

/** Restores the reduced axes with size 1, so that the value broadcasts against the input. */
export function restoreAxes(value: Node, { inputs, attributes }: Node<ReduceAttributes>): Node {
  return reshape(
    value,
    inputs[0]!.shape.map((size, axis) => (attributes.axes.includes(axis) ? 1 : size)),
  );
}

/** See `sum`. */
export const sumOp: Op<ReduceAttributes> = {
  name: "sum",
  derivative: ({ node, dy }) => [broadcastTo(restoreAxes(dy, node), node.inputs[0]!.shape)],
};

/** The shape rule of every reduction. */
export function reduce(
  op: Op<ReduceAttributes>,
  x: Node,
  axes: readonly number[] | undefined,
  options: ReduceOptions = {},
  dtype: DType = "float",
): Node {
  checkOperand(x);
  checkOptions<ReduceOptions>(op.name, options, { keepDims: flag });
  checkAxes(op.name, axes);
  const resolved = axes
    ? [...new Set(axes.map((axis) => resolveAxis(op.name, axis, x.shape.length)))].sort((a, b) => a - b)
    : [...x.shape.keys()];
  if (resolved.length === 0) return x;
  const kept = x.shape.map((size, axis) => (resolved.includes(axis) ? 1 : size));
  const shape = x.shape.filter((_, axis) => !resolved.includes(axis));
  const node = makeNode(op, [x], shape, { axes: resolved }, { dtype });
  return options.keepDims ? reshape(node, kept) : node;
}

/** Sum over the given axes; without axes, over all. */
export const sum = (x: Node, axes?: readonly number[], options?: ReduceOptions): Node =>
  reduce(sumOp, x, axes, options);

/** Sums a broadcast value back to the shape it was broadcast from. */
export function sumTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  if (lead < 0) throw new ShapeError(`sumTo: ${formatShape(x.shape)} cannot be summed to ${formatShape(shape)}.`);
  const axes = [...x.shape.keys()].filter((axis) => axis < lead || (shape[axis - lead] === 1 && x.shape[axis] !== 1));
  return reshape(sum(x, axes), shape);
}
