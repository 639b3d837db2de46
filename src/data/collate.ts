/**
 * Collation: items → one batch. An item is one part (a number, a typed array, a tensor, a text), a list of parts such as [x, y], or a record of
 * parts; the batch has the same form, and each of its parts has one row for each item.
 */
import { DataError, ShapeError } from "../errors.js";
import { kindOf } from "../tensor/kind.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { isRecord, isTensor, type NumericArray, type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";

/** The batch of items of a type. */
export type Collated<Item> = Item extends string
  ? string[]
  : Item extends number | boolean | bigint | NumericArray | Tensor
    ? Tensor
    : Item extends readonly unknown[]
      ? { -readonly [Part in keyof Item]: CollatedPart<Item[Part]> }
      : { -readonly [Part in keyof Item]: CollatedPart<Item[Part]> };

/** The batch of one part. */
export type CollatedPart<Part> = Part extends string ? string[] : Tensor;

/** Padding of sequences of unequal length. */
export interface Padding {
  /** The side that is padded; default "post". */
  readonly padding?: "pre" | "post";
  /** The number at padded steps; default 0. A list or a record has one for each part. */
  readonly value?: number | readonly number[] | Readonly<Record<string, number>>;
  /** The length of every sequence; longer ones are an error. Default: that of the batch's longest. */
  readonly paddedLength?: number;
}

/** The items of a batch in words: "item 3 (reviews.csv, row 12)". */
type NameOf = (item: number) => string;

/** @param padding undefined: all items must have equal shapes */
export function collate<Item>(
  items: readonly Item[],
  padding: Padding | undefined,
  nameOf: NameOf = (item) => `item ${item}`,
): Collated<Item> {
  const [first] = items;
  const part = (values: readonly unknown[], name: string, key: string | number | undefined) =>
    stack(values, name, nameOf, padding, paddingValue(padding?.value, key));
  const parts = (keys: readonly (string | number)[]) =>
    keys.map((key) =>
      part(
        items.map((item, row) => partOf(item, key, keys, () => nameOf(row))),
        typeof key === "number" ? `part ${key}` : `"${key}"`,
        key,
      ),
    );
  if (Array.isArray(first)) return parts([...first.keys()]) as unknown as Collated<Item>;
  if (isRecord(first) && !isTensor(first)) {
    const keys = Object.keys(first);
    const made = parts(keys);
    return Object.fromEntries(keys.map((key, i) => [key, made[i]])) as Collated<Item>;
  }
  return part(items, "the items", undefined) as Collated<Item>;
}

function partOf(item: unknown, key: string | number, keys: readonly (string | number)[], name: () => string): unknown {
  const fits =
    typeof key === "number"
      ? Array.isArray(item) && item.length === keys.length
      : isRecord(item) && Object.keys(item).length === keys.length && key in item;
  if (fits) return (item as Record<string | number, unknown>)[key];
  const form = typeof key === "number" ? `a list of ${keys.length} parts` : `a record of ${keys.join(", ")}`;
  throw new DataError(`batch: the first item is ${form}, but ${name()} of the batch is ${kindOf(item)}.`);
}

function paddingValue(value: Padding["value"], key: string | number | undefined): number {
  if (typeof value === "object") return (value as Readonly<Record<string | number, number>>)[key ?? 0] ?? 0;
  return value ?? 0;
}

function stack(values: readonly unknown[], name: string, nameOf: NameOf, padding: Padding | undefined, value: number) {
  if (values.every((each) => typeof each === "string")) return values;
  const rows = values.map((each, row) => rowOf(each as TensorLike, () => `batch: ${name} of ${nameOf(row)}`));
  const shape = padding ? paddedShape(rows, name, nameOf, padding) : equalShape(rows, name, nameOf);
  const whole = rows.every(({ data }) => data instanceof Int32Array || isByteArray(data));
  const size = sizeOf(shape);
  const ArrayOf = whole
    ? Int32Array
    : rows.some(({ data }) => data instanceof Float64Array)
      ? Float64Array
      : Float32Array;
  const data = new ArrayOf(rows.length * size);
  if (value !== 0) data.fill(value);
  rows.forEach((row, i) => {
    data.set(row.data, padding?.padding === "pre" ? (i + 1) * size - row.data.length : i * size);
  });
  return { data, shape: [rows.length, ...shape] };
}

/** @param name made for errors only, as every item comes through here */
function rowOf(value: TensorLike, name: () => string): Tensor {
  try {
    return toTensor(value);
  } catch {
    return toTensor(value, name());
  }
}

function isByteArray(data: NumericArray): boolean {
  return data.BYTES_PER_ELEMENT < 4 || data instanceof Uint32Array;
}

function equalShape(rows: readonly Tensor[], name: string, nameOf: NameOf): Shape {
  const [{ shape }] = rows as readonly [Tensor];
  const other = rows.findIndex((row) => !sameShape(row.shape, shape));
  if (other === -1) return shape;
  throw new ShapeError(
    `batch: ${name} has the shape ${formatShape(shape)} in ${nameOf(0)}, but ${formatShape(rows[other]!.shape)} in ${nameOf(other)}. ` +
      "Use padBatch, or bucketByLength, for sequences of unequal length.",
  );
}

/** The shape with the longest first axis; numbers have none. */
function paddedShape(rows: readonly Tensor[], name: string, nameOf: NameOf, { paddedLength: length }: Padding): Shape {
  const [{ shape }] = rows as readonly [Tensor];
  if (shape.length === 0) return equalShape(rows, name, nameOf);
  const longest = rows.reduce((most, row) => Math.max(most, row.shape[0] ?? 0), 0);
  // A sequence without steps does not show their shape.
  const step = (rows.find((row) => row.shape[0]! > 0) ?? rows[0]!).shape.slice(1);
  const other = rows.findIndex(
    (row) => row.shape.length !== shape.length || (row.shape[0]! > 0 && !sameShape(row.shape.slice(1), step)),
  );
  if (other !== -1) {
    throw new ShapeError(
      `padBatch: ${name} has steps of the shape ${formatShape(step)}, but ${nameOf(other)} has the shape ${formatShape(rows[other]!.shape)}.`,
    );
  }
  if (length !== undefined && longest > length) {
    const long = rows.findIndex((row) => row.shape[0] === longest);
    throw new ShapeError(
      `padBatch: ${name} of ${nameOf(long)} has ${longest} steps, more than paddedLength, ${length}. Cut it in map.`,
    );
  }
  return [length ?? longest, ...step];
}
