/** Ids as vectors with a single 1. Products with such vectors choose rows, and the compiler makes them do so. */
import { ShapeError } from "../../errors.js";
import { makeNode, type Node, type Op } from "../graph.js";

/** See `oneHot`; it has no derivative, since ids have none. */
export const oneHotOp: Op<undefined> = { name: "oneHot", derivative: () => [undefined] };

/**
 * result[…, j] = 1 where j = ids[…], else 0. Ids are trusted here; layers check them.
 *
 * @param ids int, any shape
 * @param classes the length of each vector
 * @returns shape [...ids.shape, classes]
 */
export function oneHot(ids: Node, classes: number): Node {
  if (ids.dtype !== "int") throw new ShapeError(`oneHot: expected int ids, received ${ids.dtype} numbers.`);
  return makeNode(oneHotOp, [ids], [...ids.shape, classes], undefined);
}
