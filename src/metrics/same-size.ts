/** Alignment of targets with the shape that a metric compares. */
import { equal, iota, type Node, reshape } from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";

/** The targets in the expected shape, which may differ by axes of size 1. @throws ShapeError if they do not fit */
export function sameSize(metric: string, yTrue: Node, expected: Shape): Node {
  if (fits(yTrue.shape, expected)) return reshape(yTrue, expected);
  throw new ShapeError(
    `${metric}: expected targets ${formatShape(expected)} for this prediction, received ${formatShape(yTrue.shape)}.`,
  );
}

/** Targets as ones and zeros of the prediction's shape, from class numbers or one-hot targets. */
export function asOneHot(metric: string, yTrue: Node, yPred: Node): Node {
  const classes = yPred.shape.at(-1)!;
  if (classes === 1 || !fits(yTrue.shape, yPred.shape.slice(0, -1))) return sameSize(metric, yTrue, yPred.shape);
  return oneHot(reshape(yTrue, yPred.shape.slice(0, -1)), classes);
}

/** Class numbers [...] as ones and zeros [..., classes]. */
export function oneHot(ids: Node, classes: number): Node {
  return equal(reshape(ids, [...ids.shape, 1]), iota(classes));
}

function fits(shape: Shape, expected: Shape): boolean {
  const axes = (of: Shape) => of.filter((size) => size !== 1).join();
  return sizeOf(shape) === sizeOf(expected) && axes(shape) === axes(expected);
}
