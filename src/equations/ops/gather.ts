/** Gather and scatter: reading rows of a table by number, and adding to rows. Their gradients touch only the rows that ids name. */
import { ShapeError } from "../../errors.js";
import { checkShape, checkWhole, formatShape, type Shape, sameShape, sizeOf } from "../../tensor/shape.js";
import { checkOperand, checkOperands } from "../check-operand.js";
import { makeNode, type Node, type Op } from "../graph.js";
import { reshape } from "./arrange.js";

/** Attributes that turn ids into row numbers. */
export interface GatherAttributes {
  /** i · perRow is added to id number i: with perRow = columns, ids choose one number from each row of a matrix. */
  readonly perRow: number;
}

/** See `gather`. */
export const gatherOp: Op<GatherAttributes> = {
  name: "gather",
  derivative: ({ node, dy, input, wants }) => [
    wants(0) ? scatterAdd(input(1), dy, node.inputs[0]!.shape, node.attributes.perRow) : undefined,
    undefined,
  ],
};

/**
 * Rows of a table: result[..., :] = table[ids[...], :]. Ids are not checked here; layers check them.
 *
 * @param table shape [rows, width]
 * @param ids int, any shape
 * @returns shape [...ids.shape, width]
 */
export function gather(table: Node, ids: Node, perRow = 0): Node {
  checkOperand(table);
  checkOperand(ids);
  checkWhole("gather", { perRow });
  if (table.shape.length !== 2 || ids.dtype !== "int") {
    throw new ShapeError(
      `gather: expected a table [rows, width] and int ids, received ${formatShape(table.shape)} and ${ids.dtype} ids ${formatShape(ids.shape)}.`,
    );
  }
  return makeNode(gatherOp, [table, ids], [...ids.shape, table.shape[1]!], { perRow }, { dtype: table.dtype });
}

/** See `scatterAdd`. */
export const scatterAddOp: Op<GatherAttributes> = {
  name: "scatterAdd",
  derivative: ({ node, dy, input, wants }) => [
    undefined,
    wants(1) ? gather(dy, input(0), node.attributes.perRow) : undefined,
    dy,
  ],
};

/**
 * A table to which rows are added: result[ids[i], :] += source[i, :].
 *
 * @param ids int, shape [...]
 * @param source shape [..., width]
 * @param shape [rows, width]
 * @param base the table before the addition; zeros if absent
 */
export function scatterAdd(ids: Node, source: Node, shape: Shape, perRow = 0, base?: Node): Node {
  checkWhole("scatterAdd", { perRow });
  const operands = base === undefined ? [ids, source] : [ids, source, base];
  return makeNode(scatterAddOp, checkOperands("scatterAdd", operands), checkShape("scatterAdd", shape), { perRow });
}

/** See `firstPositions`. */
export const firstPositionsOp: Op<undefined> = { name: "firstPositions" };

/**
 * The first position of each row among ids: result[r] is the smallest i with ids[i] = r, or count if no id is r.
 *
 * @param ids int, shape [count]
 * @param rows number of rows
 * @returns int, shape [rows]
 */
export function firstPositions(ids: Node, rows: number): Node {
  if (ids.shape.length !== 1 || ids.dtype !== "int") {
    throw new ShapeError(
      `firstPositions: expected int ids [count], received ${ids.dtype} ids ${formatShape(ids.shape)}.`,
    );
  }
  return makeNode(firstPositionsOp, [ids], [rows], undefined, { dtype: "int" });
}

/**
 * One number from each row: result[...] = x[..., ids[...]].
 *
 * @param x shape [..., classes]
 * @param ids int, shape [...]
 */
export function pick(x: Node, ids: Node): Node {
  checkOperand(ids);
  if (checkOperand(x).shape.length === 0 || !sameShape(x.shape.slice(0, -1), ids.shape)) {
    throw new ShapeError(
      `pick: ids ${formatShape(ids.shape)} must have the shape of x ${formatShape(x.shape)} without its last axis.`,
    );
  }
  const column = reshape(x, [sizeOf(x.shape), 1]);
  return reshape(gather(column, ids, x.shape.at(-1)!), ids.shape);
}
