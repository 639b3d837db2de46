/** Deterministic initializers: one number everywhere, or the identity matrix. */
import { ShapeError } from "../errors.js";
import { checkOptions, finite, type NoOptions } from "../options/index.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import type { Initializer } from "./initializer.js";

/** Zero everywhere. */
export const zeros = (options: NoOptions = {}): Initializer => filled("Zeros", 0, options);

/** One everywhere. */
export const ones = (options: NoOptions = {}): Initializer => filled("Ones", 1, options);

/** One number everywhere. @example constant({ value: 0.5 }) */
export function constant(options: { readonly value?: number } = {}): Initializer {
  const { value = 0 } = checkOptions("Constant", options, { value: finite });
  return { config: { type: "Constant", value }, ...everywhere(value) };
}

function filled(type: string, value: number, options: NoOptions): Initializer {
  checkOptions(type, options, {});
  return { config: { type }, ...everywhere(value) };
}

function everywhere(value: number): Required<Pick<Initializer, "values" | "fill">> {
  return { values: (shape) => new Float64Array(sizeOf(shape)).fill(value), fill: (into) => void into.fill(value) };
}

/**
 * `gain` on the diagonal, zero elsewhere: as a recurrent kernel it keeps the state (Le, Jaitly & Hinton 2015).
 *
 * @throws ShapeError for a shape that is not a matrix
 */
export function identity(options: { readonly gain?: number } = {}): Initializer {
  const { gain = 1 } = checkOptions("Identity", options, { gain: finite });
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
