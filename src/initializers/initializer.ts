/** The contract of an initializer: the first values of a parameter, from its shape and a seeded source of randomness. */
import type { Random } from "../tensor/random.js";
import type { Shape } from "../tensor/shape.js";

/** Makes the first values of a parameter. */
export interface Initializer {
  /** Keras's class name and options: `{ type: "RandomUniform", minval: -0.05, maxval: 0.05 }`. */
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** The values, row-major. */
  values(shape: Shape, random: Random): Float64Array;
  /** Writes the same values, rounded to the array's precision, directly into the given array. Without it they are copied. */
  fill?(into: Float32Array | Float64Array, shape: Shape, random: Random): void;
}
