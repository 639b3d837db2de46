/** Initializers without chance: one number everywhere, or the identity matrix. */
import { ShapeError } from "../errors.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import type { Initializer } from "./initializer.js";

/** Zero everywhere. */
export const zeros = (): Initializer => filled("Zeros", 0);

/** One everywhere. */
export const ones = (): Initializer => filled("Ones", 1);

/** One number everywhere. @example constant({ value: 0.5 }) */
export const constant = ({ value = 0 }: { value?: number } = {}): Initializer => filled("Constant", value, { value });

function filled(type: string, value: number, options: object = {}): Initializer {
  return { config: { type, ...options }, values: (shape) => new Float64Array(sizeOf(shape)).fill(value) };
}

/**
 * `gain` on the diagonal, zero elsewhere: as a recurrent kernel, a network that remembers (Le, Jaitly & Hinton 2015).
 *
 * @throws ShapeError for anything but a matrix
 */
export function identity({ gain = 1 }: { gain?: number } = {}): Initializer {
  return {
    config: { type: "Identity", gain },
    values(shape) {
      if (shape.length !== 2) {
        throw new ShapeError(`identity: expected the shape of a matrix, received ${formatShape(shape)}.`);
      }
      const columns = shape[1]!;
      const values = new Float64Array(sizeOf(shape));
      for (let i = 0; i < Math.min(...shape); i++) values[i * columns + i] = gain;
      return values;
    },
  };
}
