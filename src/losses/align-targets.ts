/** Alignment of targets with the shape of the prediction. */
import { type Node, reshape } from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";

/**
 * The targets in the shape that the loss expects. As in Keras, a last axis of size 1 may be missing or superfluous.
 *
 * @throws ShapeError if the shapes do not fit together
 */
export function alignTargets(loss: string, yTrue: Node, expected: Shape): Node {
  if (sameShape(yTrue.shape, expected)) return yTrue;
  const withoutOnes = (shape: Shape) => (shape.at(-1) === 1 ? shape.slice(0, -1) : shape);
  const differByOne = Math.abs(yTrue.shape.length - expected.length) === 1 && sizeOf(yTrue.shape) === sizeOf(expected);
  if (differByOne && sameShape(withoutOnes(yTrue.shape), withoutOnes(expected))) return reshape(yTrue, expected);
  throw new ShapeError(
    `${loss}: expected targets ${formatShape(expected)} for this prediction, received ${formatShape(yTrue.shape)}.`,
  );
}
