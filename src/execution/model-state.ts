/** States of a model as a value: plain data, named, checked where it comes in. */

import { DataError, ShapeError, StateError } from "../errors.js";
import { counted } from "../options/index.js";
import { kindOf, notData } from "../tensor/kind.js";
import { isTypedArray } from "../tensor/read-nested.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { hasShape, isRecord } from "../tensor/tensor-like.js";

/** One state of one layer. */
export interface StateTensor {
  /** Row by row; finite. */
  readonly data: readonly number[];
  /** [batch, ...units] */
  readonly shape: Shape;
}

/**
 * States of recurrent layers after a run, by layer and state: "lstm/h", "lstm/c". Plain data: it survives JSON, and float32 numbers
 * come back as they were.
 */
export type ModelState = Readonly<Record<string, StateTensor>>;

/** @throws StateError for names that are missing or unknown, ShapeError for another shape or batch, DataError for numbers that are not finite */
export function checkState(state: ModelState, expected: ReadonlyMap<string, Shape>): void {
  if (!isRecord(state)) {
    throw new StateError(`state is ${kindOf(state)}; give the state that run returned, or none to start fresh.`);
  }
  const names = [...expected.keys()];
  const known = names.join(", ") || "none: it has no recurrent layer whose state it carries";
  const missing = names.filter((name) => !Object.hasOwn(state, name));
  const unknown = Object.keys(state).filter((name) => !expected.has(name));
  if (missing.length > 0 || unknown.length > 0) {
    const wrong = [...missing.map((name) => `"${name}" is missing`), ...unknown.map((name) => `"${name}" is unknown`)];
    throw new StateError(
      `state: ${wrong.join(", ")}. The model's states are ${known}; give the state that run returned, or none to start fresh.`,
    );
  }
  for (const [name, shape] of expected) checkTensor(name, state[name]!, shape);
}

function checkTensor(name: string, state: StateTensor, expected: Shape): void {
  if (typeof state !== "object" || state === null || !hasShape(state)) {
    throw notData(`state: "${name}"`, state, "{ data, shape }, as run returned it");
  }
  const { data, shape } = state;
  if (!Array.isArray(data) && !isTypedArray(data)) throw notData(`state: "${name}".data`, data, "a list of numbers");
  if (!Array.isArray(shape)) throw notData(`state: "${name}".shape`, shape, "a list of sizes");
  if (shape.length === expected.length && shape[0] !== expected[0] && sameShape(shape.slice(1), expected.slice(1))) {
    throw new ShapeError(
      `state: "${name}" is of ${counted(shape[0]!, "sequence")}, but x has ${expected[0]}. Each row of x continues from its own row of the state; ` +
        "a state is never shared among rows.",
    );
  }
  if (!sameShape(shape, expected) || data.length !== sizeOf(expected)) {
    throw new ShapeError(
      `state: "${name}" must be ${formatShape(expected)}, received ${formatShape(shape)} with ${counted(data.length, "number")}. ` +
        "Is it the state of another model?",
    );
  }
  const wrong = Array.prototype.findIndex.call(data, (value) => !Number.isFinite(value));
  if (wrong === -1) return;
  const value: unknown = data[wrong];
  throw new DataError(`state: number ${wrong} of "${name}" is ${typeof value === "number" ? value : kindOf(value)}.`);
}
