/** The types of data: tensors, typed arrays, and nested lists. */
import type { Shape } from "./shape.js";

/**
 * `reduce` and `reduceRight` of any typed array. TypeScript cannot call these two on a union of array types, whose versions differ
 * only in the array that the callback receives.
 */
export interface Reducible {
  reduce(callback: (previous: number, value: number, index: number) => number): number;
  reduce<Result>(callback: (previous: Result, value: number, index: number) => Result, initial: Result): Result;
  reduceRight(callback: (previous: number, value: number, index: number) => number): number;
  reduceRight<Result>(callback: (previous: Result, value: number, index: number) => Result, initial: Result): Result;
}

/** Array types a tensor may hold. */
export type NumericArray = (
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Int8Array
  | Int16Array
  | Uint32Array
) &
  Reducible;

/** Array types of results: float32 from the wasm engine, float64 from the reference engine. */
export type FloatArray = (Float32Array | Float64Array) & Reducible;

/** Row-major numbers with a shape. */
export interface Tensor<Data extends NumericArray = NumericArray> {
  readonly data: Data;
  readonly shape: Shape;
}

/** Nested arrays of numbers, such as `[[1, 2], [3, 4]]`. */
export type NestedArray = number | readonly NestedArray[];

/** Typed arrays whose numbers are copied to one of those that a tensor may hold. */
export type ConvertedArray = BigInt64Array | BigUint64Array | Uint8ClampedArray;

/** Lists of one length at every depth. Their items may be numbers, booleans (1 and 0), BigInts, typed arrays and tensors. */
export type NestedData = number | boolean | bigint | NumericArray | ConvertedArray | Tensor | readonly NestedData[];

/** Values that the public API accepts as a tensor. */
export type TensorLike = NestedData;

/** Whether a value is an object literal with data under each name: not a tensor, list, layer or instance of a class. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  const { call, apply } = value as { readonly call?: unknown; readonly apply?: unknown };
  return !hasShape(value) && !(typeof call === "function" && typeof apply === "function");
}

/** Whether a value has the form of a tensor; its data may be a list, as in JSON, or be wrong. */
export function hasShape(value: object): value is { readonly data: unknown; readonly shape: unknown } {
  const { data, shape } = value as { readonly data?: unknown; readonly shape?: unknown };
  if (data === undefined || shape === undefined) return false;
  return ArrayBuffer.isView(data) || (Array.isArray(shape) && shape.every((axis) => typeof axis === "number"));
}

/** Whether a value is a tensor: an object with typed `data` and a `shape`. */
export function isTensor(value: unknown): value is Tensor {
  return (
    typeof value === "object" &&
    value !== null &&
    "data" in value &&
    "shape" in value &&
    Array.isArray((value as Tensor).shape) &&
    ArrayBuffer.isView((value as Tensor).data)
  );
}
