/** Writing of a snapshot to variables. It may come from a file, so all of it is checked before any of it is written. */

import { StateError } from "../errors.js";
import { counted } from "../options/index.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Snapshot } from "../training/index.js";
import type { Variables } from "./variables.js";

/**
 * Writes a snapshot; variables that do not exist yet are made.
 *
 * @param known shapes of variables that are made when training begins
 * @throws StateError when a variable has another shape in the snapshot; nothing is written then
 */
export function writeSnapshot(snapshot: Snapshot, known: ReadonlyMap<string, Shape>, variables: Variables): void {
  for (const [name, tensor] of snapshot) {
    const expected = variables.has(name) ? variables.shape(name) : known.get(name);
    checkVariable(name, tensor, expected ?? tensor.shape);
  }
  for (const [name, { data, shape }] of snapshot) {
    if (variables.has(name)) variables.write(name, data);
    else variables.create(name, shape, data);
  }
}

/** @throws StateError unless a tensor has the shape that is expected, and as many numbers as that holds */
export function checkVariable(name: string, { data, shape }: Tensor, expected: Shape): void {
  if (sameShape(shape, expected) && data.length === sizeOf(expected)) return;
  throw new StateError(
    `"${name}" is ${formatShape(expected)} in this model, but ${formatShape(shape)} with ${counted(data.length, "number")} in the values to be ` +
      "restored. Is it the state of another model, or has it been changed?",
  );
}
