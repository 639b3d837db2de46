/**
 * The only names a pickle may mention, as constants that build plain values: NumPy's array and dtype, and the codec call
 * by which protocols 0–2 write bytes.
 */
import { FormatError } from "../errors.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { readNumbers } from "./number-bytes.js";

const ALLOWED = new Map([
  ["numpy.core.multiarray _reconstruct", "reconstruct"],
  ["numpy._core.multiarray _reconstruct", "reconstruct"],
  ["numpy ndarray", "ndarray"],
  ["numpy dtype", "dtype"],
  ["_codecs encode", "encode"],
] as const);

/** One of the allowed names. */
export class GlobalName {
  readonly meaning: string;
  constructor(module: unknown, member: unknown, file: string) {
    const full = typeof module === "string" && typeof member === "string" ? `${module} ${member}` : "?";
    const meaning = ALLOWED.get(full as "numpy ndarray");
    if (meaning === undefined) {
      throw new FormatError(
        `${file}: the pickle asks for the Python name "${full.replace(" ", ".").slice(0, 80)}". Only NumPy's array names ` +
          "are allowed, since a pickle can otherwise run code; do not load this file elsewhere unless you trust it.",
      );
    }
    this.meaning = meaning;
  }
}

/** A dtype: "O" for objects, else a numeric code such as "i8" with its byte order. */
export class PickledDtype {
  order = "|";
  constructor(readonly code: string) {}
}

/** A NumPy array read from a pickle; `items` in row-major order. */
export class PickledArray {
  ready = false;
  shape: Shape = [];
  items: ArrayLike<unknown> = [];
}

/** The result of calling an allowed name. */
export function buildFromGlobal(callable: unknown, values: unknown, file: string): unknown {
  if (callable instanceof GlobalName && Array.isArray(values)) {
    const [first, second] = values as unknown[];
    if (callable.meaning === "reconstruct" && first instanceof GlobalName && first.meaning === "ndarray") {
      return new PickledArray();
    }
    if (callable.meaning === "dtype" && typeof first === "string" && /^([biuf][1248]|O[48]?)$/.test(first)) {
      return new PickledDtype(first);
    }
    if (callable.meaning === "encode" && typeof first === "string" && second === "latin1") return latin1(first, file);
  }
  throw new FormatError(`${file}: the pickle makes something that is neither an array of objects nor one of numbers.`);
}

/** NumPy's `__setstate__` of an array or a dtype. */
export function setState(target: unknown, state: unknown, file: string): void {
  if (target instanceof PickledDtype && Array.isArray(state) && typeof state[1] === "string") {
    target.order = state[1];
    return;
  }
  if (!(target instanceof PickledArray) || target.ready || !Array.isArray(state) || state.length !== 5) {
    throw new FormatError(`${file}: the pickle sets the state of something that is not an array.`);
  }
  const [, shape, dtype, fortran, content] = state as unknown[];
  if (!Array.isArray(shape) || !shape.every((axis) => Number.isInteger(axis) && axis >= 0)) {
    throw new FormatError(`${file}: the pickle holds an array without a valid shape.`);
  }
  if (!(dtype instanceof PickledDtype)) throw new FormatError(`${file}: the pickle holds an array without a dtype.`);
  target.shape = [...(shape as number[])];
  target.items = contentOf(content, dtype, target.shape, fortran === true, file);
  target.ready = true;
}

function contentOf(
  content: unknown,
  dtype: PickledDtype,
  shape: Shape,
  fortran: boolean,
  file: string,
): ArrayLike<unknown> {
  if (dtype.code.startsWith("O")) {
    if (Array.isArray(content) && content.length === sizeOf(shape)) return content;
    throw new FormatError(
      `${file}: the pickle's array of shape (${shape.join(", ")}) needs ${sizeOf(shape)} items, but has ` +
        `${Array.isArray(content) ? content.length : "none"}.`,
    );
  }
  const bytes = typeof content === "string" ? latin1(content, file) : content;
  if (!(bytes instanceof Uint8Array)) throw new FormatError(`${file}: the pickle holds an array without content.`);
  return readNumbers(bytes, dtype.order + dtype.code, shape, fortran, file).data;
}

function latin1(text: string, file: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) throw new FormatError(`${file}: the pickle holds bytes that are not bytes.`);
    bytes[i] = unit;
  }
  return bytes;
}
