/**
 * NumPy's `.npy` file: magic, version, a header that is a Python dictionary in text, then raw numbers or, for an array
 * of objects, a pickle. The header is matched, never evaluated, and its sizes are checked before anything is allocated.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { FormatError } from "../errors.js";
import { expectBytes } from "../tensor/expect-bytes.js";
import { expectText } from "../tensor/expect-text.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { readNumbers } from "./number-bytes.js";
import { readPickledArray } from "./pickle.js";

/** An array of Python objects: lists, numbers, strings, … in row-major order. */
export interface ObjectArray {
  readonly items: ArrayLike<unknown>;
  readonly shape: Shape;
}

/** Content of a `.npy` file: numbers, or objects. */
export type NpyArray = Tensor | ObjectArray;

/** Whether an array holds objects rather than numbers. */
export function isObjectArray(array: NpyArray): array is ObjectArray {
  return typeof array === "object" && array !== null && "items" in array;
}

const HEADER =
  /^\{ *'descr' *: *'([^']{1,16})' *, *'fortran_order' *: *(True|False) *, *'shape' *: *\(([\dL, ]*)\) *,? *\}\s*$/;

/**
 * Reads a `.npy` file of format 1, 2 or 3.
 *
 * @param bytes the whole file
 * @param name the file's name in messages
 * @returns numbers as a tensor (64-bit integers as Int32Array where they fit, booleans as Uint8Array), or objects
 * @throws FormatError when it is truncated, corrupt, hostile, or of a dtype that is not supported
 */
export function readNpy(bytes: Uint8Array, name = "npy file"): NpyArray {
  expectBytes("readNpy: bytes", bytes);
  expectText("readNpy: name", name);
  const { descr, fortran, shape, body } = readHeader(bytes, name);
  if (descr !== "|O") return readNumbers(body, descr, shape, fortran, name);
  const { items } = readPickledArray(body, name);
  if (items.length !== sizeOf(shape)) {
    throw new FormatError(
      `${name}: the header promises ${sizeOf(shape)} items, the pickle holds ${items.length}; the file is corrupt.`,
    );
  }
  return { items, shape };
}

function readHeader(bytes: Uint8Array, name: string) {
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== "\x93NUMPY") {
    throw new FormatError(`${name}: is not a .npy file, or is truncated: it does not start with NumPy's signature.`);
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) {
    throw new FormatError(`${name}: .npy format ${version}.${bytes[7]} is not known; expected 1, 2 or 3.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw new FormatError(`${name}: the header is cut off; the file is truncated.`);
  const text = new TextDecoder().decode(bytes.subarray(start, start + Math.min(length, 65536)));
  const match = HEADER.exec(text);
  if (match === null) {
    throw new FormatError(
      `${name}: the header ${JSON.stringify(text.trim().slice(0, 100))} is not one of a plain array; ` +
        "structured dtypes are not supported. Save each field as a separate array.",
    );
  }
  const axes = match[3]!.split(",").map((axis) => axis.trim());
  if (axes.at(-1) === "") axes.pop();
  if (!axes.every((axis) => /^\d{1,15}L?$/.test(axis)) || axes.length > 64) {
    throw new FormatError(`${name}: the header's shape (${match[3]!.slice(0, 60)}) is not valid; the file is corrupt.`);
  }
  const shape = axes.map((axis) => Number.parseInt(axis, 10));
  return { descr: match[1]!, fortran: match[2] === "True", shape, body: bytes.subarray(start + length) };
}
