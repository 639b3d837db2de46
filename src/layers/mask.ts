/** Arithmetic of masks: 1 at valid steps, 0 at padding. */
import { mul, type Node, reshape } from "../equations/index.js";

/** Valid where both are; a mask that is absent leaves nothing out. */
export function bothMasks(a: Node | undefined, b: Node): Node {
  return a ? mul(a, b) : b;
}

/** The mask with axes of size 1 behind it, so that it meets a value of the given rank: [T, B] → [T, B, 1, …]. */
export function maskForRank(mask: Node, rank: number): Node {
  return reshape(mask, [...mask.shape, ...new Array<number>(rank - mask.shape.length).fill(1)]);
}
