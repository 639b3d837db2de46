/** Rows of arrays: the items of a dataset in memory. */
import { DataError } from "../errors.js";
import { kindOf } from "../tensor/kind.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import { isRecord, isTensor, type NumericArray, type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";

/** A row of an array: a number, a view of its numbers with their shape, or a text. */
export type Row<Part> = Part extends readonly string[] ? string : Part extends NumericArray ? number : Tensor | number;

/** A row of arrays. */
export type RowOf<Parts> = Parts extends readonly number[]
  ? number
  : Parts extends Tensor | NumericArray
    ? Row<Parts>
    : { -readonly [Part in keyof Parts]: Row<Parts[Part]> };

/** The number of rows, a function that gives one, and the arrays in words. */
export function rowsOf(arrays: unknown): {
  readonly count: number;
  readonly row: (at: number) => unknown;
  readonly words: string;
} {
  if (Array.isArray(arrays) && typeof arrays[0] !== "number")
    return rowsOfParts([...arrays.keys()].map(String), arrays, (parts) => parts);
  if (isRecord(arrays) && !isTensor(arrays)) {
    const keys = Object.keys(arrays);
    return rowsOfParts(keys, Object.values(arrays), (parts) =>
      Object.fromEntries(keys.map((key, i) => [key, parts[i]])),
    );
  }
  return rowsOfPart(arrays, "the array");
}

function rowsOfParts(names: readonly string[], arrays: readonly unknown[], join: (parts: unknown[]) => unknown) {
  const parts = arrays.map((array, i) => rowsOfPart(array, `array ${names[i]}`));
  const [first] = parts;
  if (!first) throw new DataError("Dataset.fromArrays: there are no arrays; give [x, y], for example.");
  const other = parts.findIndex(({ count }) => count !== first.count);
  if (other !== -1) {
    throw new DataError(
      `Dataset.fromArrays: array ${names[0]} has ${first.count} rows, but array ${names[other]} has ${parts[other]!.count}. ` +
        "All need equal numbers of rows.",
    );
  }
  return {
    count: first.count,
    row: (at: number) => join(parts.map(({ row }) => row(at))),
    words: parts.map(({ words }) => words).join(" and "),
  };
}

function rowsOfPart(array: unknown, name: string) {
  if (Array.isArray(array) && array.length > 0 && array.every((each) => typeof each === "string")) {
    return { count: array.length, row: (at: number): unknown => array[at], words: `texts [${array.length}]` };
  }
  if (Array.isArray(array) && array.some((each) => Array.isArray(each) && each.length !== array[0].length)) {
    throw new DataError(
      `Dataset.fromArrays: ${name} has rows of unequal length. Give the rows to Dataset.from instead, and use padBatch or bucketByLength.`,
    );
  }
  if (typeof array !== "object" || array === null) {
    throw new DataError(`Dataset.fromArrays: ${name} is ${kindOf(array)}; expected a tensor, a typed array or a list.`);
  }
  const { data, shape } = toTensor(array as TensorLike, `Dataset.fromArrays: ${name}`);
  const [count = 0, ...rest] = shape;
  const size = sizeOf(rest);
  const view = (at: number): Tensor => ({ data: data.subarray(at * size, (at + 1) * size), shape: rest });
  return {
    count,
    row: (at: number): unknown => (rest.length === 0 ? data[at]! : view(at)),
    words: formatShape(shape),
  };
}

/** Length of an item: of its first part, in steps. */
export function lengthOfItem(item: unknown): number {
  const part = Array.isArray(item) ? item[0] : isRecord(item) && !isTensor(item) ? Object.values(item)[0] : item;
  if (isTensor(part)) return part.shape[0] ?? 1;
  return (part as ArrayLike<unknown> | undefined)?.length ?? 1;
}
