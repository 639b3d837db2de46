/**
 * Nested lists as rows of numbers. A list is read once; a value that does not fit is reported with its place: "x[3][1] is a string "a"". Rows may be
 * typed arrays or tensors, and numbers may be booleans or BigInts.
 */

import { DataError, ShapeError } from "../errors.js";
import { counted } from "../options/index.js";
import { kindOf, type NumberRole, notData } from "./kind.js";
import { formatShape, sizeOf } from "./shape.js";
import {
  type ConvertedArray,
  hasShape,
  isTensor,
  type NestedData,
  type NumericArray,
  type Tensor,
} from "./tensor-like.js";

const LARGEST = 2 ** 31;
/** A deeper list contains itself, or is not data. */
const DEEPEST = 16;

/**
 * The numbers of nested lists, and their shape.
 *
 * @param name the name of the list in messages, e.g. "x"
 * @param role what the numbers are, for hints
 * @throws ShapeError for lists of unequal length, DataError for a value that is not a number
 */
export function readNested(value: readonly NestedData[], name: string, role?: NumberRole): Tensor<Float64Array> {
  const shape = shapeOfFirst(value, name, role);
  if (sizeOf(shape) > LARGEST) {
    throw new ShapeError(`${name}: a tensor ${formatShape(shape)} of ${sizeOf(shape)} numbers is too large to hold.`);
  }
  const reader = new NestedReader(name, shape, role);
  reader.read(value, 0);
  return { data: reader.data, shape };
}

/**
 * The shape of nested lists, from the first item of each, if they are rectangular.
 *
 * @throws DataError if the innermost item is not a number
 */
export function shapeOfFirst(value: unknown, name: string, role?: NumberRole): number[] {
  const shape: number[] = [];
  let place = name;
  for (let item = value; ; place += "[0]") {
    if (Array.isArray(item)) {
      if (shape.push(item.length) > DEEPEST) {
        throw new DataError(`${name}: lists are nested more than ${DEEPEST} deep; does one hold itself?`);
      }
      if (item.length === 0) return shape;
      if (!(0 in item)) throw holeAt(`${place}[0]`);
      item = item[0];
    } else if (isTensor(item) || (typeof item === "object" && item !== null && hasShape(item))) {
      return [...shape, ...(item.shape as number[])];
    } else if (isTypedArray(item)) {
      return [...shape, item.length];
    } else if (typeof item === "number" || typeof item === "boolean" || typeof item === "bigint") {
      return shape;
    } else {
      throw notData(place, item, shape.length === 0 ? "numbers: a tensor, a typed array or a list" : "a number", role);
    }
  }
}

/** Whether a value is a typed array of numbers; a DataView is not. */
export function isTypedArray(value: unknown): value is NumericArray | ConvertedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** A typed array that a tensor may hold: the given one, or a copy for BigInts and unsupported kinds. */
export function numericArray(given: NumericArray | ConvertedArray, name: string): NumericArray {
  if (given instanceof Uint8ClampedArray) return new Uint8Array(given.buffer, given.byteOffset, given.length);
  if (given instanceof BigInt64Array || given instanceof BigUint64Array) {
    const data = new Float64Array(given.length);
    for (let i = 0; i < given.length; i++) data[i] = safeNumber(given[i]!, () => `${name}[${i}]`);
    return data;
  }
  return given.constructor.name === "Float16Array" ? Float32Array.from(given) : given;
}

class NestedReader {
  readonly data: Float64Array;
  readonly #name: string;
  readonly #shape: readonly number[];
  readonly #role: NumberRole | undefined;
  /** The index of the current item. */
  readonly #index: number[] = [];
  #at = 0;

  constructor(name: string, shape: readonly number[], role: NumberRole | undefined) {
    this.#name = name;
    this.#role = role;
    this.#shape = shape;
    this.data = new Float64Array(sizeOf(shape));
  }

  /** Reads an item that should have the shape's axes from `depth` on. */
  read(item: unknown, depth: number): void {
    if (depth === this.#shape.length) {
      this.data[this.#at++] = this.#number(item, this.#index);
    } else if (Array.isArray(item)) {
      if (item.length !== this.#shape[depth]) throw this.#ragged(item.length, depth);
      if (depth === this.#shape.length - 1) this.#readRow(item);
      else this.#readItems(item, depth);
    } else {
      this.#readTyped(item, depth);
    }
  }

  #readItems(items: readonly unknown[], depth: number): void {
    for (let i = 0; i < items.length; i++) {
      this.#index[depth] = i;
      this.read(items[i], depth + 1);
    }
    this.#index.length = depth;
  }

  /** The innermost list, where nearly all items are numbers. */
  #readRow(row: readonly unknown[]): void {
    const { data } = this;
    let at = this.#at;
    for (let i = 0; i < row.length; i++) {
      const item = row[i];
      data[at++] = typeof item === "number" ? item : this.#number(item, [...this.#index, i], i in row);
    }
    this.#at = at;
  }

  #readTyped(item: unknown, depth: number): void {
    const expected = this.#shape.slice(depth);
    if (isTensor(item)) {
      if (formatShape(item.shape) !== formatShape(expected)) {
        throw new ShapeError(
          `${this.#place(this.#index)} is a tensor ${formatShape(item.shape)}, but ${this.#first(depth)} has the shape ${formatShape(expected)}; ` +
            "all need the same one.",
        );
      }
      if (item.data.length !== sizeOf(expected)) throw wrongSize(this.#place(this.#index), item);
      this.#copy(item.data);
    } else if (isTypedArray(item)) {
      if (depth !== this.#shape.length - 1) throw this.#unlike(item, depth);
      if (item.length !== this.#shape[depth]) throw this.#ragged(item.length, depth);
      this.#copy(numericArray(item, this.#place(this.#index)));
    } else {
      throw this.#unlike(item, depth);
    }
  }

  #copy(values: NumericArray): void {
    this.data.set(values, this.#at);
    this.#at += values.length;
  }

  #number(item: unknown, index: readonly number[], isThere = true): number {
    if (typeof item === "number") return item;
    if (typeof item === "boolean") return Number(item);
    if (typeof item === "bigint") return safeNumber(item, () => this.#place(index));
    if (!isThere) throw holeAt(this.#place(index));
    if (Array.isArray(item) || isTypedArray(item) || isTensor(item)) {
      throw new ShapeError(
        `${this.#place(index)} is ${kindOf(item)}, but ${this.#first(this.#shape.length)} is a number; give numbers or lists, not both.`,
      );
    }
    throw notData(this.#place(index), item, "a number", this.#role);
  }

  #unlike(item: unknown, depth: number): Error {
    if (item === undefined) return new DataError(`${this.#place(this.#index)} is undefined; expected a list.`);
    const isNumber = typeof item === "number" || typeof item === "boolean" || typeof item === "bigint";
    if (!isNumber && !isTypedArray(item)) return notData(this.#place(this.#index), item, "a list", this.#role);
    return new ShapeError(
      `${this.#place(this.#index)} is ${kindOf(item)}, but ${this.#first(depth)} has the shape ${formatShape(this.#shape.slice(depth))}; ` +
        "give lists of one depth.",
    );
  }

  #ragged(length: number, depth: number): ShapeError {
    const count = (n: number) => counted(n, "item");
    return new ShapeError(
      `${this.#place(this.#index)} has ${count(length)}, but ${this.#first(depth)} has ${count(this.#shape[depth]!)}; ` +
        "lists beside one another need one length. Pad sequences to one length with padSequences first.",
    );
  }

  #place(index: readonly number[]): string {
    return this.#name + index.map((i) => `[${i}]`).join("");
  }

  /** The first item at a depth, which determined the shape. */
  #first(depth: number): string {
    return this.#place(new Array<number>(depth).fill(0));
  }
}

/** The error for a tensor whose shape and data differ in size. */
export function wrongSize(name: string, { data, shape }: Tensor): ShapeError {
  return new ShapeError(
    `${name}: shape ${formatShape(shape)} holds ${counted(sizeOf(shape), "number")}, but ${data.length} were given.`,
  );
}

function safeNumber(value: bigint, place: () => string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new DataError(
    `${place()} is ${kindOf(value)}, which is too large to be a number; expected whole numbers within ±2⁵³.`,
  );
}

function holeAt(place: string): DataError {
  return new DataError(`${place} is missing: the list has a hole there. Fill it, or leave it out.`);
}
