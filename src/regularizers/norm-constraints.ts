/**
 * Constraints. Norms are taken along axis 0 unless told otherwise: of a kernel [features, units], the length of the vector that flows into
 * each unit. For a kernel of conv2D the same is `axis: [0, 1, 2]`.
 */
import { add, clip, div, maximum, mul, type Node, sqrt, square, sum } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import type { Constraint } from "./constraint.js";
import { EPSILON } from "./epsilon.js";

/** Along which axes a norm is taken. */
export interface NormAxes {
  /** Default 0. */
  readonly axis?: number | readonly number[];
}

/**
 * No vector is longer than maxValue (Srivastava et al. 2014).
 *
 * @throws ConfigError when maxValue is not positive
 * @example maxNorm({ maxValue: 3 })
 */
export function maxNorm({ maxValue = 2, axis = 0 }: NormAxes & { maxValue?: number } = {}): Constraint {
  checkRange("MaxNorm", 0, maxValue);
  return {
    config: { type: "MaxNorm", maxValue, axis },
    apply: (weight) => rescale(weight, axis, (norm) => clip(norm, 0, maxValue)),
  };
}

/** No weight is negative. */
export const nonNeg = (): Constraint => ({ config: { type: "NonNeg" }, apply: (weight) => maximum(0, weight) });

/** Every vector has length 1. */
export function unitNorm({ axis = 0 }: NormAxes = {}): Constraint {
  return { config: { type: "UnitNorm", axis }, apply: (weight) => div(weight, add(EPSILON, normOf(weight, axis))) };
}

/** Options of `minMaxNorm`. */
export interface MinMaxNormOptions extends NormAxes {
  /** Default 0. */
  readonly minValue?: number;
  /** Default 1. */
  readonly maxValue?: number;
  /** The share of the way that is gone at each update. Default 1. */
  readonly rate?: number;
}

/**
 * The length of every vector lies in minValue … maxValue, or comes nearer to it at each update.
 *
 * @throws ConfigError when the bounds are no interval of lengths, or the rate is outside 0 … 1
 */
export function minMaxNorm(options: MinMaxNormOptions = {}): Constraint {
  const { minValue = 0, maxValue = 1, rate = 1, axis = 0 } = options;
  checkRange("MinMaxNorm", minValue, maxValue);
  if (!(rate >= 0 && rate <= 1)) throw new ConfigError(`MinMaxNorm: rate must lie in 0 … 1, received ${rate}.`);
  return {
    config: { type: "MinMaxNorm", minValue, maxValue, rate, axis },
    apply: (weight) =>
      rescale(weight, axis, (norm) => add(mul(rate, clip(norm, minValue, maxValue)), mul(1 - rate, norm))),
  };
}

/** The weight with vectors of the wanted length. */
function rescale(weight: Node, axis: number | readonly number[], wanted: (norm: Node) => Node): Node {
  const norm = normOf(weight, axis);
  return mul(weight, div(wanted(norm), add(EPSILON, norm)));
}

function normOf(weight: Node, axis: number | readonly number[]): Node {
  return sqrt(sum(square(weight), [axis].flat(), { keepDims: true }));
}

function checkRange(type: string, low: number, high: number): void {
  if (low >= 0 && high >= low && high > 0) return;
  throw new ConfigError(`${type}: expected 0 ≤ minValue ≤ maxValue and maxValue > 0, received ${low} and ${high}.`);
}
