/** Checks of numbers for models: errors name the first wrong one and its position. */

import { DataError, ShapeError } from "../errors.js";
import { counted } from "../options/index.js";
import { kindOf } from "../tensor/kind.js";
import { formatShape, type Shape } from "../tensor/shape.js";

/** @throws DataError naming the first value that is not a whole number in [0, limit) */
export function checkIds(
  { data, shape }: { readonly data: ArrayLike<number>; readonly shape: Shape },
  limit: number,
  name: string,
): void {
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if (isId(id, limit)) continue;
    throw new DataError(
      `${name}: ${typeof id === "number" ? `the value ${id}` : kindOf(id)} at ${position(i, shape)} is not an id; expected whole numbers from 0 to ${limit - 1}. ` +
        "Give the embedding a larger inputDim, or replace rare words by an out-of-vocabulary id.",
    );
  }
}

/** True for a whole number in [0, limit). */
export function isId(value: number, limit: number): boolean {
  return value >= 0 && value < limit && Number.isInteger(value);
}

/** @throws DataError naming the first value that is not finite */
export function checkFinite(
  { data, shape }: { readonly data: ArrayLike<number>; readonly shape: Shape },
  name: string,
): void {
  if (ArrayBuffer.isView(data) && !(data instanceof Float32Array || data instanceof Float64Array)) return;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (Number.isFinite(value)) continue;
    throw new DataError(
      `${name}: the value at ${position(i, shape)} is ${typeof value === "number" ? value : kindOf(value)}; replace missing values first.`,
    );
  }
}

/** The indices of element i of a row-major tensor: "[3, 0]". */
export function position(i: number, shape: Shape): string {
  const indices: number[] = [];
  let rest = i;
  for (const size of shape.toReversed()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return formatShape(indices);
}

export function unequalCounts(name: string, shape: Shape, count: number): ShapeError {
  const other = /(^| )x( |$)/.test(name) ? "the first input" : "x";
  return new ShapeError(
    `${name}: ${other} has ${counted(count, "example")}, but this is ${formatShape(shape)}; give one row per example.`,
  );
}
