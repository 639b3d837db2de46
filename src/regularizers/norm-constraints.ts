/**
 * Constraints. Norms are taken along axis 0 by default: of a kernel [features, units], the length of the vector that flows into
 * each unit. For a kernel of conv2D the same is `axis: [0, 1, 2]`.
 */
import { add, clip, div, maximum, mul, type Node, sqrt, square, sum } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import {
  checkOptions,
  either,
  formatValue,
  integer,
  listOf,
  type NoOptions,
  notNegative,
  type OptionChecks,
  positive,
  share,
} from "../options/index.js";
import type { Constraint } from "./constraint.js";
import { EPSILON } from "./epsilon.js";

/** The axes of a norm. */
export interface NormAxes {
  /** Default 0. */
  readonly axis?: number | readonly number[];
}

const normAxes: OptionChecks<NormAxes> = { axis: either(integer, listOf("whole numbers", integer)) };

/**
 * No vector is longer than maxValue (Srivastava et al. 2014).
 *
 * @throws ConfigError if maxValue is not positive
 * @example maxNorm({ maxValue: 3 })
 */
export function maxNorm(options: NormAxes & { readonly maxValue?: number } = {}): Constraint {
  const { maxValue = 2, axis = 0 } = checkOptions("MaxNorm", options, { ...normAxes, maxValue: positive });
  return {
    config: { type: "MaxNorm", maxValue, axis },
    apply: (weight) => rescale(weight, axis, (norm) => clip(norm, 0, maxValue)),
  };
}

/** No weight is negative. */
export function nonNeg(options: NoOptions = {}): Constraint {
  checkOptions("NonNeg", options, {});
  return { config: { type: "NonNeg" }, apply: (weight) => maximum(0, weight) };
}

/** Every vector has length 1. */
export function unitNorm(options: NormAxes = {}): Constraint {
  const { axis = 0 } = checkOptions("UnitNorm", options, normAxes);
  return { config: { type: "UnitNorm", axis }, apply: (weight) => div(weight, add(EPSILON, normOf(weight, axis))) };
}

/** Options of `minMaxNorm`. */
export interface MinMaxNormOptions extends NormAxes {
  /** Default 0. */
  readonly minValue?: number;
  /** Default 1. */
  readonly maxValue?: number;
  /** The fraction of the distance to the bound that each update covers. Default 1. */
  readonly rate?: number;
}

/**
 * The length of every vector lies in minValue … maxValue, or comes nearer to it at each update.
 *
 * @throws ConfigError if minValue is above maxValue, or the rate is outside 0 … 1
 */
export function minMaxNorm(options: MinMaxNormOptions = {}): Constraint {
  const checks = { ...normAxes, minValue: notNegative, maxValue: positive, rate: share };
  const { minValue = 0, maxValue = 1, rate = 1, axis = 0 } = checkOptions("MinMaxNorm", options, checks);
  if (minValue > maxValue) {
    throw new ConfigError(
      `MinMaxNorm: minValue must not be above maxValue, received ${formatValue(minValue)} and ${formatValue(maxValue)}.`,
    );
  }
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
