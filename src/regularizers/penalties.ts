/** Regularizers: L1, L2, and orthogonality. */
import {
  abs,
  add,
  constant,
  matmul,
  minimum,
  mul,
  type Node,
  reciprocal,
  sqrt,
  square,
  sum,
  transpose,
} from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { checkOptions, notNegative, oneOf } from "../options/index.js";
import { formatShape } from "../tensor/shape.js";
import { EPSILON } from "./epsilon.js";
import type { Regularizer } from "./regularizer.js";

/** l1 · Σ|w|: many weights become 0. @throws ConfigError if the factor is negative @example l1({ l1: 1e-4 }) */
export function l1(options: { readonly l1?: number } = {}): Regularizer {
  const { l1: factor = 0.01 } = checkOptions("L1", options, { l1: notNegative });
  return { config: { type: "L1", l1: factor }, penalty: (weight) => mul(factor, sum(abs(weight))) };
}

/** l2 · Σw², without a half (Krogh & Hertz 1992): weights stay small. @throws ConfigError if the factor is negative */
export function l2(options: { readonly l2?: number } = {}): Regularizer {
  const { l2: factor = 0.01 } = checkOptions("L2", options, { l2: notNegative });
  return { config: { type: "L2", l2: factor }, penalty: (weight) => mul(factor, sum(square(weight))) };
}

/** l1 · Σ|w| + l2 · Σw². Both factors are 0 unless given. @throws ConfigError if a factor is negative */
export function l1l2(options: { readonly l1?: number; readonly l2?: number } = {}): Regularizer {
  const { l1: first = 0, l2: second = 0 } = checkOptions("L1L2", options, { l1: notNegative, l2: notNegative });
  const parts = [l1({ l1: first }), l2({ l2: second })];
  return {
    config: { type: "L1L2", l1: first, l2: second },
    penalty: (weight) => add(...parts.map((part) => part.penalty(weight))),
  };
}

/** Options of `orthogonalRegularizer`. */
export interface OrthogonalRegularizerOptions {
  /** Default 0.01. */
  readonly factor?: number;
  /** The vectors of the matrix. Default "rows". */
  readonly mode?: "rows" | "columns";
}

/**
 * factor · the mean of |cos| over all pairs of a matrix's rows (or columns), times a half, since each pair counts twice: the vectors become
 * orthogonal.
 *
 * @throws ConfigError if an option is not valid; ShapeError for a weight that is not a matrix
 */
export function orthogonalRegularizer(options: OrthogonalRegularizerOptions = {}): Regularizer {
  const checks = { factor: notNegative, mode: oneOf("rows", "columns") };
  const { factor = 0.01, mode = "rows" } = checkOptions("OrthogonalRegularizer", options, checks);
  return {
    config: { type: "OrthogonalRegularizer", factor, mode },
    penalty(weight) {
      if (weight.shape.length !== 2) {
        throw new ShapeError(`OrthogonalRegularizer: expected a matrix, received ${formatShape(weight.shape)}.`);
      }
      const vectors = mode === "rows" ? weight : transpose(weight);
      const count = vectors.shape[0]!;
      const length = sqrt(sum(square(vectors), [1], { keepDims: true }));
      const unit = mul(vectors, minimum(reciprocal(length), 1 / EPSILON));
      const cosines = mul(matmul(unit, transpose(unit)), offDiagonal(count));
      return mul((0.5 * factor) / Math.max(1, (count * (count - 1)) / 2), sum(abs(cosines)));
    },
  };
}

function offDiagonal(size: number): Node {
  const values = Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) !== 0));
  return constant(values, [size, size]);
}
