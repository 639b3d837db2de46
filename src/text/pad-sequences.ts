/**
 * Sequences of unequal length → one rectangular tensor, with the results and the errors of Keras's `pad_sequences`.
 * Flat sequences of numbers take a fast path; items may also be arrays themselves (`[[1, 2], [3, 4]]`: two steps, two features).
 */
import { ConfigError, DataError, ShapeError } from "../errors.js";
import { anything, checkOptions, type OptionChecks } from "../options/index.js";
import { kindOf, notData } from "../tensor/kind.js";
import { isTypedArray } from "../tensor/read-nested.js";
import { formatShape, sameShape, sizeOf } from "../tensor/shape.js";
import { type NestedArray, type Tensor, toTensor } from "../tensor/tensor.js";

/** One sequence: numbers, or items of one common shape. */
export type Sequence = ArrayLike<NestedArray>;

/** Side of padding, and side of truncation. */
export type Side = "pre" | "post";

/** Options of {@link padSequences}. */
export interface PadOptions<Type extends "int32" | "float32" = "int32" | "float32"> {
  /** Length of every row; by default the longest sequence's. */
  maxlen?: number | undefined;
  /** "int32" (default) drops fractions toward zero; "float32" keeps them. */
  dtype?: Type | undefined;
  /** "pre" (default) right-aligns, "post" left-aligns. */
  padding?: Side | undefined;
  /** "pre" (default) keeps the last `maxlen` items, "post" the first. */
  truncating?: Side | undefined;
  /** Value of the padding; 0 by default. */
  value?: number | undefined;
}

// Their values are checked below, where the sequences are known.
const padOptions: OptionChecks<PadOptions> = {
  maxlen: anything,
  dtype: anything,
  padding: anything,
  truncating: anything,
  value: anything,
};

const LARGEST_TENSOR = 2 ** 31;

/**
 * Pads and cuts sequences to one length.
 *
 * @param sequences `n` sequences; items must all have one shape, taken from the first sequence that is not empty
 * @returns `[n, maxlen, ...item shape]`, Int32Array unless `dtype` is "float32"
 * @throws ConfigError for a bad option, ShapeError for items of unequal shape, DataError for a value that `dtype` cannot hold
 * @see https://keras.io/api/data_loading/timeseries/#padsequences-function
 * @example padSequences([[1], [2, 3]]).data // [0, 1, 2, 3]
 */
export function padSequences(sequences: readonly Sequence[], options?: PadOptions<"int32">): Tensor<Int32Array>;
export function padSequences(sequences: readonly Sequence[], options: PadOptions<"float32">): Tensor<Float32Array>;
export function padSequences(
  sequences: readonly Sequence[],
  options?: PadOptions,
): Tensor<Int32Array> | Tensor<Float32Array>;
export function padSequences(
  sequences: readonly Sequence[],
  options: PadOptions = {},
): Tensor<Int32Array> | Tensor<Float32Array> {
  const {
    dtype = "int32",
    padding = "pre",
    truncating = "pre",
    value = 0,
  } = checkOptions("padSequences", options, padOptions);
  checkWord("padding", padding, ["pre", "post"]);
  checkWord("truncating", truncating, ["pre", "post"]);
  checkWord("dtype", dtype, ["int32", "float32"]);
  if (typeof value !== "number") {
    throw new ConfigError(`padSequences: value must be a number to fit ${dtype}, received ${describe(value)}.`);
  }
  if (!Array.isArray(sequences)) throw notData("padSequences: sequences", sequences, "a list of lists");
  const lengths = Array.from(sequences, lengthOf);
  const maxlen = options.maxlen ?? longest(lengths);
  if (!Number.isInteger(maxlen) || maxlen < 0 || (maxlen === 0 && lengths.some((length) => length > 0))) {
    throw new ConfigError(`padSequences: maxlen must be a positive integer, received ${describe(maxlen)}.`);
  }
  const itemShape = shapeOfItems(sequences);
  const itemSize = sizeOf(itemShape);
  const shape = [sequences.length, maxlen, ...itemShape];
  if (sizeOf(shape) > LARGEST_TENSOR) {
    throw new ConfigError(
      `padSequences: a tensor of shape ${formatShape(shape)} is too large to hold; give a smaller maxlen.`,
    );
  }
  const convert = converter(dtype);
  const data = dtype === "int32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
  if (value !== 0) data.fill(convert(value, "value"));
  sequences.forEach((sequence, row) => {
    const length = lengths[row]!;
    const kept = Math.min(length, maxlen);
    const first = truncating === "pre" ? length - kept : 0;
    const column = padding === "pre" ? maxlen - kept : 0;
    const at = (row * maxlen + column) * itemSize;
    if (itemShape.length === 0) writeNumbers(data, at, sequence, first, kept, row, convert);
    else writeItems(data, at, sequence, first, kept, row, itemShape, convert);
  });
  return { data, shape } as Tensor<Int32Array> | Tensor<Float32Array>;
}

type Convert = (value: number, where: string) => number;

function converter(dtype: "int32" | "float32"): Convert {
  if (dtype === "float32") return (value) => value;
  return (value, where) => {
    const whole = Math.trunc(value);
    if (whole === (whole | 0)) return whole;
    throw new DataError(
      `padSequences: ${value} at ${where} does not fit int32; ids are whole numbers within ±2³¹. ` +
        `Use dtype: "float32" for real-valued sequences.`,
    );
  };
}

function writeNumbers(
  data: Int32Array | Float32Array,
  at: number,
  sequence: Sequence,
  first: number,
  count: number,
  row: number,
  convert: Convert,
): void {
  for (let i = 0; i < count; i++) {
    const item = sequence[first + i];
    const number = typeof item === "number" ? item : wholeOrTruth(item, row, first + i);
    data[at + i] = number === (number | 0) ? number : convert(number, `sequence ${row}, item ${first + i}`);
  }
}

function writeItems(
  data: Int32Array | Float32Array,
  start: number,
  sequence: Sequence,
  first: number,
  count: number,
  row: number,
  itemShape: readonly number[],
  convert: Convert,
): void {
  let at = start;
  for (let i = first; i < first + count; i++) {
    const item = sequence[i]!;
    if (typeof item === "number" || typeof item !== "object") throw itemError(item, row, i);
    const values = toTensor(item, `padSequences: sequence ${row}, item ${i}`);
    if (!sameShape(values.shape, itemShape)) {
      throw new ShapeError(
        `padSequences: item ${i} of sequence ${row} has shape ${formatShape(values.shape)}, but the first item has ` +
          `${formatShape(itemShape)}. Every item of every sequence needs the same shape.`,
      );
    }
    for (const value of values.data) data[at++] = convert(value, `sequence ${row}, item ${i}`);
  }
}

function shapeOfItems(sequences: readonly Sequence[]): readonly number[] {
  const row = sequences.findIndex((sequence) => sequence.length > 0);
  if (row < 0) return [];
  const item = sequences[row]![0];
  return typeof item === "object" && item !== null ? toTensor(item, `padSequences: sequence ${row}, item 0`).shape : [];
}

function lengthOf(sequence: unknown, row: number): number {
  if (Array.isArray(sequence) || isTypedArray(sequence)) return sequence.length;
  if (typeof sequence !== "number") throw notData(`padSequences: sequence ${row}`, sequence, "a list or a typed array");
  throw new ShapeError(
    `padSequences: sequence ${row} is ${kindOf(sequence)}; expected a list. Wrap a single sequence in a list: padSequences([ids]).`,
  );
}

/** A BigInt or a boolean as a number. */
function wholeOrTruth(item: unknown, row: number, index: number): number {
  if (typeof item === "boolean" || typeof item === "bigint") return Number(item);
  throw itemError(item, row, index);
}

function longest(lengths: readonly number[]): number {
  if (lengths.length === 0) {
    throw new ConfigError("padSequences: an empty list has no longest sequence; give maxlen.");
  }
  return lengths.reduce((most, length) => Math.max(most, length), 0);
}

function itemError(item: unknown, row: number, index: number): Error {
  const place = `padSequences: item ${index} of sequence ${row}`;
  if (typeof item === "number" || Array.isArray(item) || isTypedArray(item)) {
    return new ShapeError(
      `${place} is ${kindOf(item)}; a sequence holds either numbers or items of one shape, not both.`,
    );
  }
  return notData(place, item, "a number");
}

function checkWord(option: string, received: unknown, allowed: readonly string[]): void {
  if (allowed.includes(received as string)) return;
  throw new ConfigError(
    `padSequences: ${option} must be ${allowed.map((word) => `"${word}"`).join(" or ")}, received ${describe(received)}.`,
  );
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
}
