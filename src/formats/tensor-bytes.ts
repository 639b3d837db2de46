/** Typed arrays ⇄ little-endian bytes, on machines of either byte order. */
import type { NumericArray } from "../tensor/tensor.js";

/** The names of number types in files: NumPy's. */
export type NumberType = "float32" | "float64" | "int8" | "int16" | "int32" | "uint8" | "uint16" | "uint32";

interface ArrayType {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericArray;
  readonly BYTES_PER_ELEMENT: number;
}

/** The array class of each number type. */
export const arrayTypes: Readonly<Record<NumberType, ArrayType>> = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
};

export function isNumberType(name: unknown): name is NumberType {
  return typeof name === "string" && Object.hasOwn(arrayTypes, name);
}

export function numberTypeOf(data: NumericArray): NumberType {
  const found = Object.entries(arrayTypes).find(([, type]) => data instanceof type);
  return found![0] as NumberType;
}

/** A view, or a copy on a big-endian machine. */
export function toLittleEndian(data: NumericArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return hostIsLittleEndian() ? bytes : swapped(bytes, data.BYTES_PER_ELEMENT);
}

/** The numbers in `bytes`, whose length must be a multiple of the type's size: a view where they are aligned and of the machine's order. */
export function fromLittleEndian(bytes: Uint8Array, type: NumberType): NumericArray {
  const { [type]: ArrayOf } = arrayTypes;
  const size = ArrayOf.BYTES_PER_ELEMENT;
  let native = hostIsLittleEndian() ? bytes : swapped(bytes, size);
  if (native.byteOffset % size !== 0) native = native.slice();
  return new ArrayOf(native.buffer, native.byteOffset, native.length / size);
}

function hostIsLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const result = bytes.slice();
  for (let at = 0; at < result.length; at += size) result.subarray(at, at + size).reverse();
  return result;
}
