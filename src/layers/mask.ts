/** Arithmetic of masks: 1 at valid steps, 0 at padding. */
import { mul, type Node, reshape, softmax, where } from "../equations/index.js";

/** Less than every float32 that data can hold. */
export const LOWEST = -3.4028234663852886e38;

/** Valid where both are; without a mask every step is valid. */
export function bothMasks(a: Node | undefined, b: Node): Node {
  return a ? mul(a, b) : b;
}

/** The mask with trailing axes of size 1, so that it broadcasts to a value of the given rank: [T, B] → [T, B, 1, …]. */
export function maskForRank(mask: Node, rank: number): Node {
  return reshape(mask, [...mask.shape, ...new Array<number>(rank - mask.shape.length).fill(1)]);
}

/** Softmax over the valid entries of the last axis: padding gets 0, and so do all entries where none is valid. */
export function maskedSoftmax(scores: Node, valid?: Node): Node {
  return valid ? where(valid, softmax(where(valid, scores, LOWEST)), 0) : softmax(scores);
}
