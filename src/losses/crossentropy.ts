/** Crossentropies: their common options, and ln ŷ from a prediction. */
import { add, clip, div, log, logSumExp, mul, type Node, reshape, sub, sum } from "../equations/index.js";
import { flag, type OptionChecks, share } from "../options/index.js";
import { logitsOf } from "./logits-of.js";

/** Options of a crossentropy. */
export interface CrossentropyOptions {
  /** Whether the prediction is z, before σ or softmax, instead of probabilities. Default false. */
  readonly fromLogits?: boolean;
  /** Fraction of each target that is spread over all classes, 0 … 1. Default 0. */
  readonly labelSmoothing?: number;
}

/** The option to divide probabilities by their sum first, as Keras does. */
export interface NormalizeOption {
  /** Default true; with false they are not divided: L = −ln ŷ even where a row does not sum to 1. */
  readonly normalize?: boolean;
}

/** Checks of `CrossentropyOptions`. */
export const crossentropyOptions: OptionChecks<CrossentropyOptions> = { fromLogits: flag, labelSmoothing: share };

/** Checks of `NormalizeOption`. */
export const normalizeOption: OptionChecks<NormalizeOption> = { normalize: flag };

/** Probabilities are limited to [ε, 1 − ε], Keras's epsilon. */
export const EPSILON = 1e-7;

/** Targets with label smoothing: y(1 − s) + s/classes. */
export function smoothed(y: Node, labelSmoothing: number, classes: number): Node {
  return labelSmoothing === 0 ? y : add(mul(y, 1 - labelSmoothing), labelSmoothing / classes);
}

/**
 * ln ŷ of the entries that `choose` picks from the classes. `choose` is applied to log-probabilities, or to probabilities before the
 * logarithm, so that only picked entries are divided, limited and passed to the logarithm.
 */
export function logProbabilities(
  prediction: Node,
  options: { fromLogits: boolean; normalize: boolean },
  choose: (x: Node) => Node = (x) => x,
): Node {
  const z = options.fromLogits ? prediction : logitsOf(prediction, "softmax");
  const chosen = choose(z ?? prediction);
  const keepDims = chosen.shape.length === prediction.shape.length;
  if (z) {
    // ln softmax(z) = z − ln Σ eᶻ, whose gradient touches a row once for all classes and once for the one picked.
    const total = logSumExp(z);
    return sub(chosen, keepDims ? reshape(total, [...total.shape, 1]) : total);
  }
  const p = options.normalize ? div(chosen, sum(prediction, [-1], { keepDims })) : chosen;
  return log(clip(p, EPSILON, 1 - EPSILON));
}
