/** One-hot vectors of ids. The compiler turns products with them into gathers of rows. */
import { ShapeError } from "../../errors.js";
import { checkWhole } from "../../tensor/shape.js";
import { checkOperand } from "../check-operand.js";
import { makeNode, type Node, type Op } from "../graph.js";

/** See `oneHot`; no gradient flows to ids. */
export const oneHotOp: Op<undefined> = { name: "oneHot", derivative: () => [undefined] };

/**
 * result[…, j] = 1 where j = ids[…], else 0. Ids are not checked here; layers check them.
 *
 * @param ids int, any shape
 * @param classes the length of each vector
 * @returns shape [...ids.shape, classes]
 */
export function oneHot(ids: Node, classes: number): Node {
  checkWhole("oneHot", { classes });
  if (checkOperand(ids).dtype !== "int")
    throw new ShapeError(`oneHot: expected int ids, received ${ids.dtype} numbers.`);
  return makeNode(oneHotOp, [ids], [...ids.shape, classes], undefined);
}
