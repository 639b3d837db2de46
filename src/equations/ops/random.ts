/** Seeded noise inside a program. */
import { ShapeError } from "../../errors.js";
import type { Shape } from "../../tensor/shape.js";
import { makeNode, type Node, type Op } from "../graph.js";

/** Which noise. */
export interface RandomAttributes {
  /** Tells the noise of one place in the model from that of another. */
  readonly stream: number;
}

/** See `random`. */
export const randomOp: Op<RandomAttributes> = { name: "random", derivative: () => [undefined] };

/**
 * Uniform numbers in [0, 1): a function of the seed, the stream and the position only, so equal seeds give equal bits on every engine.
 *
 * @param shape of the result
 * @param seed int scalar; give another at every training step
 * @param stream a number of the caller's, so that two places draw different noise from one seed
 */
export function random(shape: Shape, seed: Node, stream: number): Node {
  if (seed.dtype !== "int" || seed.shape.length > 0) throw new ShapeError("random: the seed must be an int scalar.");
  return makeNode(randomOp, [seed], shape, { stream });
}
