/** Fan-in and fan-out of a weight: the numbers of inputs and outputs, by which initializers scale. */
import { type Shape, sizeOf } from "../tensor/shape.js";

/** Fan-in and fan-out by Keras's rule: the last two axes, times the axes before them; a vector counts as both. */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = sizeOf(shape.slice(0, -2));
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}
