/** Random numbers inside a program, from a seed. */
import { ShapeError } from "../../errors.js";
import { checkShape, checkWhole, type Shape } from "../../tensor/shape.js";
import { checkOperand } from "../check-operand.js";
import { makeNode, type Node, type Op } from "../graph.js";

/** Attributes of random numbers. */
export interface RandomAttributes {
  /** The number of the stream: each use in a model has a different one. */
  readonly stream: number;
}

/** See `random`. */
export const randomOp: Op<RandomAttributes> = { name: "random", derivative: () => [undefined] };

/**
 * Uniform numbers in [0, 1): a function of the seed, the stream and the position only, so equal seeds give equal bits on every engine.
 *
 * @param shape of the result
 * @param seed int scalar; give a different one at every training step
 * @param stream number of the stream; different streams give different numbers from one seed
 */
export function random(shape: Shape, seed: Node, stream: number): Node {
  checkOperand(seed);
  checkWhole("random", { stream });
  if (seed.dtype !== "int" || seed.shape.length > 0) throw new ShapeError("random: the seed must be an int scalar.");
  return makeNode(randomOp, [seed], checkShape("random", shape), { stream });
}
