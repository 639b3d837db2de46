/** Constants: numbers that are part of an equation. */

import { ConfigError, ShapeError } from "../../errors.js";
import { counted, formatValue } from "../../options/index.js";
import { checkShape, checkWhole, formatShape, type Shape, sizeOf } from "../../tensor/shape.js";
import { checkOperand } from "../check-operand.js";
import { makeNode, type Node, type Op } from "../graph.js";
import { broadcastTo } from "./arrange.js";

/** A node, or a number that stands for a scalar constant. */
export type Operand = Node | number;

/** The numbers, row-major. */
export interface ConstantAttributes {
  readonly values: readonly number[];
}

/** See `constant`. */
export const constantOp: Op<ConstantAttributes> = { name: "constant" };

/** A tensor of given numbers, row-major. Without a shape, a scalar or a vector. */
export function constant(value: number | readonly number[], shape?: Shape): Node<ConstantAttributes> {
  const values = typeof value === "number" ? [value] : value;
  if (!Array.isArray(values) || values.some((each) => typeof each !== "number")) {
    throw new ConfigError(`constant: expected a number or a list of numbers, received ${formatValue(value)}.`);
  }
  const resolved = shape === undefined ? (values === value ? [values.length] : []) : checkShape("constant", shape);
  if (sizeOf(resolved) !== values.length) {
    throw new ShapeError(
      `constant: shape ${formatShape(resolved)} holds ${counted(sizeOf(resolved), "number")}, but ${values.length} were given.`,
    );
  }
  return makeNode(constantOp, [], resolved, { values });
}

/** Turns a number into a scalar constant. @throws ConfigError for NaN, and for a value that is neither a node nor a number */
export function toNode(operand: Operand): Node {
  if (typeof operand === "number" && !Number.isNaN(operand)) return constant(operand);
  return checkOperand(operand, "a node or a number");
}

/** A tensor whose elements are all equal to one number. */
export function fill(shape: Shape, value: number): Node {
  return broadcastTo(constant(value), checkShape("fill", shape));
}

/** A tensor of zeros. */
export const zeros = (shape: Shape): Node => fill(shape, 0);
/** A tensor of ones. */
export const ones = (shape: Shape): Node => fill(shape, 1);

/** 0, 1, … length − 1. */
export function iota(length: number): Node {
  checkWhole("iota", { length });
  return constant(Array.from({ length }, (_, i) => i));
}
