/** Shapes: lists of non-negative integers, outermost axis first. `[]` is a scalar. */
import { ShapeError } from "../errors.js";
import { formatValue } from "../options/index.js";

/** A shape whose every axis is known. */
export type Shape = readonly number[];

/** A shape in which `null` stands for an axis that is known only when data arrives. */
export type PartialShape = readonly (number | null)[];

/** Number of elements: the product of the axes; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const axis of shape) size *= axis;
  return size;
}

/** Row-major strides, in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Whether a value is a list of sizes. Sizes that are not known yet are null; their values are checked where they are used. */
export function isSizes(value: unknown): value is PartialShape {
  return Array.isArray(value) && value.every((size) => typeof size === "number" || size === null);
}

/** Whether every size of a shape is a whole number of at least 0; null counts as one. */
export function isWhole(shape: PartialShape): boolean {
  return shape.every((size) => size === null || (Number.isSafeInteger(size) && size >= 0));
}

/**
 * The shape, checked.
 *
 * @param owner the function that was called, for the message
 * @throws ShapeError for anything but a list of whole numbers of at least 0
 */
export function checkShape(owner: string, shape: unknown): Shape {
  if (isSizes(shape) && !shape.includes(null) && isWhole(shape)) return shape as Shape;
  throw new ShapeError(
    `${owner}: a shape is a list of whole numbers, such as [2, 3] or [] for a scalar; received ${formatValue(shape)}.`,
  );
}

/**
 * Numbers that count or name things, checked.
 *
 * @param numbers by name
 * @throws ShapeError naming the first that is not a whole number
 */
export function checkWhole(owner: string, numbers: Readonly<Record<string, unknown>>): void {
  const wrong = Object.keys(numbers).find((name) => !Number.isSafeInteger(numbers[name]));
  if (wrong === undefined) return;
  throw new ShapeError(`${owner}: ${wrong} must be a whole number, received ${formatValue(numbers[wrong])}.`);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}

/** `[2, 3]`, or `[null, 3]` for a partial shape: how shapes are written in messages. */
export function formatShape(shape: PartialShape): string {
  return `[${shape.map((axis) => (typeof axis === "number" ? axis : formatValue(axis ?? null))).join(", ")}]`;
}

/**
 * The shape two operands broadcast to, by NumPy's rule: align at the last axis; sizes must be equal or 1.
 * @throws ShapeError naming the operation and both shapes.
 */
export function broadcastShapes(operation: string, ...shapes: Shape[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    shape.forEach((size, i) => {
      const axis = rank - shape.length + i;
      if (size === 1 || size === result[axis]) return;
      if (result[axis] !== 1) {
        throw new ShapeError(
          `${operation}: shapes ${shapes.map(formatShape).join(" and ")} do not fit together. ` +
            `Aligned at the last axis, sizes must be equal or 1; axis ${axis} has ${result[axis]} and ${size}.`,
        );
      }
      result[axis] = size;
    });
  }
  return result;
}

/** @throws ShapeError for anything but a list of axes, or undefined for all */
export function checkAxes(owner: string, axes: unknown): void {
  if (axes === undefined || Array.isArray(axes)) return;
  throw new ShapeError(`${owner}: axes must be a list, such as [-1], received ${formatValue(axes)}.`);
}

/** Turns a negative axis into its positive equivalent and checks its range. */
export function resolveAxis(operation: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank) {
    throw new ShapeError(
      `${operation}: axis ${formatValue(axis)} does not exist in a tensor of rank ${rank}; use ${-rank} to ${rank - 1}.`,
    );
  }
  return resolved;
}
