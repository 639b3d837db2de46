/**
 * A tensor is plain data: a typed array in row-major order and its shape. Nothing here computes;
 * computation happens in programs that an engine runs.
 */
import { ShapeError } from "../errors.js";
import { formatShape, type Shape, sizeOf } from "./shape.js";

/** Array types a tensor may hold. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Int8Array
  | Int16Array
  | Uint32Array;

/** Row-major numbers with a shape. */
export interface Tensor<Data extends NumericArray = NumericArray> {
  readonly data: Data;
  readonly shape: Shape;
}

/** Nested arrays of numbers, such as `[[1, 2], [3, 4]]`. */
export type NestedArray = number | readonly NestedArray[];

/** Whatever the public API accepts as a tensor. */
export type TensorLike = Tensor | NestedArray | NumericArray;

/**
 * A tensor over `data` with the given shape; a typed array is used in place, a plain array of numbers is copied to Float32Array.
 *
 * @param data numbers in row-major order
 * @param shape one size per axis; defaults to `[data.length]`
 * @throws ShapeError when the shape does not hold exactly `data.length` numbers
 * @example tensor([1, 2, 3, 4, 5, 6], [2, 3])
 */
export function tensor<Data extends NumericArray>(data: Data, shape?: Shape): Tensor<Data>;
export function tensor(data: readonly number[], shape?: Shape): Tensor<Float32Array>;
export function tensor(data: NumericArray | readonly number[], shape: Shape = [data.length]): Tensor {
  const values = ArrayBuffer.isView(data) ? (data as NumericArray) : Float32Array.from(data as readonly number[]);
  for (const axis of shape) {
    if (!Number.isInteger(axis) || axis < 0) {
      throw new ShapeError(
        `tensor: shape ${formatShape(shape)} is not valid; every axis must be a non-negative integer.`,
      );
    }
  }
  if (sizeOf(shape) !== values.length) {
    throw new ShapeError(
      `tensor: shape ${formatShape(shape)} holds ${sizeOf(shape)} numbers, but ${values.length} were given.`,
    );
  }
  return { data: values, shape: [...shape] };
}

/** Whether a value is a tensor: an object with typed `data` and a `shape`. */
export function isTensor(value: unknown): value is Tensor {
  return (
    typeof value === "object" &&
    value !== null &&
    "data" in value &&
    "shape" in value &&
    ArrayBuffer.isView((value as Tensor).data)
  );
}

/**
 * Accepts anything tensor-like. Nested arrays must be rectangular.
 *
 * @param value a tensor, a typed array (one axis), or nested arrays of numbers
 * @param name how to call the value in an error message, e.g. "x"
 * @throws ShapeError when nested arrays are ragged or hold something that is not a number
 */
export function toTensor(value: TensorLike, name = "value"): Tensor {
  if (isTensor(value)) return tensor(value.data, value.shape);
  if (ArrayBuffer.isView(value)) return tensor(value as NumericArray);
  const shape = nestedShape(value);
  const data = new Float64Array(sizeOf(shape));
  let next = 0;
  const visit = (item: NestedArray, depth: number): void => {
    if (depth === shape.length) {
      if (typeof item !== "number") throw ragged(name, shape);
      data[next++] = item;
      return;
    }
    if (!Array.isArray(item) || item.length !== shape[depth]) throw ragged(name, shape);
    for (const child of item) visit(child, depth + 1);
  };
  visit(value as NestedArray, 0);
  return { data, shape };
}

function nestedShape(value: NestedArray): number[] {
  const shape: number[] = [];
  for (let item: NestedArray | undefined = value; Array.isArray(item); item = item[0]) shape.push(item.length);
  return shape;
}

function ragged(name: string, shape: Shape): ShapeError {
  return new ShapeError(
    `${name}: nested arrays must be rectangular and hold only numbers; judging by the first items a shape of ` +
      `${formatShape(shape)} was expected. Pad sequences to one length with padSequences first.`,
  );
}

/** The tensor as nested plain arrays; a number for a scalar. */
export function toNested({ data, shape }: Tensor): NestedArray {
  let next = 0;
  const build = (depth: number): NestedArray => {
    if (depth === shape.length) return data[next++]!;
    return Array.from({ length: shape[depth]! }, () => build(depth + 1));
  };
  return build(0);
}
