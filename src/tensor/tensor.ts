/**
 * Tensors: plain data, a typed array in row-major order and its shape. Computation happens in programs
 * that an engine runs.
 */
import { ShapeError } from "../errors.js";
import { kindOf, type NumberRole, notData } from "./kind.js";
import { isTypedArray, numericArray, readNested, wrongSize } from "./read-nested.js";
import { formatShape, type Shape, sizeOf } from "./shape.js";
import {
  hasShape,
  isTensor,
  type NestedArray,
  type NestedData,
  type NumericArray,
  type Tensor,
  type TensorLike,
} from "./tensor-like.js";

export {
  type ConvertedArray,
  type FloatArray,
  isRecord,
  isTensor,
  type NestedArray,
  type NestedData,
  type NumericArray,
  type Reducible,
  type Tensor,
  type TensorLike,
} from "./tensor-like.js";

/**
 * A tensor of the given shape. A typed array is used in place; lists, nested or not, are copied to a Float32Array.
 *
 * @param data numbers in row-major order, or nested lists of them
 * @param shape one size per axis; default: that of the lists
 * @throws ShapeError if shape and data differ in size, or lists on one level differ in length;
 *   DataError for a value that is not a number, with its place
 * @example tensor([1, 2, 3, 4, 5, 6], [2, 3])
 * @example tensor([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function tensor<Data extends NumericArray>(data: Data, shape?: Shape): Tensor<Data>;
export function tensor(data: NestedData, shape?: Shape): Tensor<Float32Array>;
export function tensor(data: NestedData, shape?: Shape): Tensor {
  const given = toTensor(data, "tensor");
  const values = isTypedArray(data) ? given.data : Float32Array.from(given.data);
  return shaped(values, shape ?? given.shape, "tensor");
}

function shaped(data: NumericArray, shape: Shape, name: string): Tensor {
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${name}: a shape is a list of sizes such as [2, 3], received ${kindOf(shape)}.`);
  }
  for (const axis of shape) {
    if (!Number.isInteger(axis) || axis < 0) {
      throw new ShapeError(
        `${name}: shape ${formatShape(shape)} is not valid; every axis must be a non-negative integer.`,
      );
    }
  }
  if (sizeOf(shape) !== data.length) throw wrongSize(name, { data, shape });
  return { data, shape: [...shape] };
}

/**
 * Converts data to a tensor. Lists on one level need equal lengths.
 *
 * @param value a tensor, a typed array (one axis), or nested lists of numbers, booleans, BigInts, typed arrays or tensors
 * @param name the name of the value in messages, e.g. "x"
 * @param role what the numbers are, for hints
 * @throws ShapeError for lists of unequal length, DataError for a value that is not a number, with its place and kind
 */
export function toTensor(value: TensorLike, name = "value", role?: NumberRole): Tensor {
  if (isTensor(value)) return shaped(numericArray(value.data, `${name}.data`), value.shape, name);
  if (isTypedArray(value)) {
    const data = numericArray(value, name);
    return { data, shape: [data.length] };
  }
  if (Array.isArray(value)) return readNested(value, name, role);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    const { data } = readNested([value], name);
    return { data, shape: [] };
  }
  return fromObject(value, name, role);
}

/** A tensor whose data is a list, as it comes from JSON. @throws DataError for a value that is not data */
function fromObject(value: unknown, name: string, role: NumberRole | undefined): Tensor {
  if (typeof value !== "object" || value === null || !hasShape(value)) {
    throw notData(name, value, "numbers: a tensor, a typed array or a list", role);
  }
  const { data, shape } = value;
  if (isTypedArray(data)) return shaped(numericArray(data, `${name}.data`), shape as Shape, name);
  if (Array.isArray(data)) return shaped(readNested(data, `${name}.data`, role).data, shape as Shape, name);
  throw notData(`${name}.data`, data, "a typed array or a list of numbers", role);
}

/** The tensor as nested plain arrays; a number for a scalar. */
export function toNested(tensor: Tensor): NestedArray {
  const { data, shape } = isTensor(tensor)
    ? shaped(tensor.data, tensor.shape, "toNested: tensor")
    : toTensor(tensor, "toNested: tensor");
  let next = 0;
  const build = (depth: number): NestedArray => {
    if (depth === shape.length) return data[next++]!;
    return Array.from({ length: shape[depth]! }, () => build(depth + 1));
  };
  return build(0);
}
