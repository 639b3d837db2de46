/** NumPy's numeric dtypes: raw little-endian bytes → a typed array that a tensor can hold. */
import { FormatError } from "../errors.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { NumericArray, Tensor } from "../tensor/tensor.js";

interface Kind {
  bytes: number;
  make: (length: number) => NumericArray;
  read: (view: DataView, at: number) => number;
}

const KINDS: Record<string, Kind> = {
  b1: { bytes: 1, make: (n) => new Uint8Array(n), read: (v, at) => (v.getUint8(at) ? 1 : 0) },
  i1: { bytes: 1, make: (n) => new Int8Array(n), read: (v, at) => v.getInt8(at) },
  i2: { bytes: 2, make: (n) => new Int16Array(n), read: (v, at) => v.getInt16(at, true) },
  i4: { bytes: 4, make: (n) => new Int32Array(n), read: (v, at) => v.getInt32(at, true) },
  i8: { bytes: 8, make: (n) => new Float64Array(n), read: (v, at) => Number(v.getBigInt64(at, true)) },
  u1: { bytes: 1, make: (n) => new Uint8Array(n), read: (v, at) => v.getUint8(at) },
  u2: { bytes: 2, make: (n) => new Uint16Array(n), read: (v, at) => v.getUint16(at, true) },
  u4: { bytes: 4, make: (n) => new Uint32Array(n), read: (v, at) => v.getUint32(at, true) },
  u8: { bytes: 8, make: (n) => new Float64Array(n), read: (v, at) => Number(v.getBigUint64(at, true)) },
  f4: { bytes: 4, make: (n) => new Float32Array(n), read: (v, at) => v.getFloat32(at, true) },
  f8: { bytes: 8, make: (n) => new Float64Array(n), read: (v, at) => v.getFloat64(at, true) },
};

/**
 * The numbers of an array, in row-major order whatever order the bytes have.
 *
 * 64-bit integers become Int32Array where all of them fit, else Float64Array; beyond ±2⁵³ they are refused.
 *
 * @param descr NumPy's dtype string, such as "<i8" or "|u1"
 * @param fortran whether the first axis runs fastest in `bytes`
 * @throws FormatError for a dtype that is not numeric little-endian, or a number of bytes that the shape does not need
 */
export function readNumbers(bytes: Uint8Array, descr: string, shape: Shape, fortran: boolean, name: string): Tensor {
  const kind = Object.hasOwn(KINDS, descr.slice(1)) ? KINDS[descr.slice(1)]! : undefined;
  if (kind === undefined || !("<=|".includes(descr[0]!) || kind.bytes === 1)) {
    throw new FormatError(
      `${name}: dtype "${descr}" is not supported; expected little-endian i1–i8, u1–u8, f4, f8 or b1. ` +
        `Convert it in NumPy with array.astype("<f4").`,
    );
  }
  const size = sizeOf(shape);
  if (size * kind.bytes !== bytes.length) {
    throw new FormatError(
      `${name}: shape (${shape.join(", ")}) of ${descr} takes ${size * kind.bytes} bytes, but the file holds ` +
        `${bytes.length}. It is truncated or corrupt.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let data = kind.make(size);
  for (let i = 0; i < size; i++) data[i] = kind.read(view, i * kind.bytes);
  if (fortran && shape.length > 1) data = rowMajor(data, kind.make(size), shape);
  return { data: descr.endsWith("i8") || descr.endsWith("u8") ? narrow(data, name) : data, shape: [...shape] };
}

function rowMajor(source: NumericArray, target: NumericArray, shape: Shape): NumericArray {
  const index = new Array<number>(shape.length).fill(0);
  let to = 0;
  for (let count = source.length; count > 0; count--) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) from = from * shape[axis]! + index[axis]!;
    target[to++] = source[from]!;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  return target;
}

function narrow(data: NumericArray, name: string): NumericArray {
  const large = data.find((value) => !Number.isSafeInteger(value));
  if (large !== undefined) {
    throw new FormatError(`${name}: holds the integer ${large}, beyond ±2⁵³, which JavaScript cannot hold exactly.`);
  }
  return data.every((value) => value === (value | 0)) ? Int32Array.from(data) : data;
}
