/** Focal losses (Lin et al. 2017): crossentropies in which correct answers have little weight. */
import {
  add,
  clip,
  div,
  log,
  mean,
  mul,
  type Node,
  negate,
  pow,
  sigmoid,
  softmax,
  sub,
  sum,
} from "../equations/index.js";
import { checkOptions, flag, notNegative, type OptionChecks, share } from "../options/index.js";
import { comparingLoss } from "./comparing-loss.js";
import { type CrossentropyOptions, crossentropyOptions, EPSILON, smoothed } from "./crossentropy.js";
import type { Loss } from "./loss.js";

/** Options of a focal loss. */
export interface FocalOptions extends CrossentropyOptions {
  /** γ: how strongly the weight of right answers is reduced. Default 2; 0 gives the crossentropy. */
  readonly gamma?: number;
  /** α, the weight of the right class, 0 … 1. Default 0.25. */
  readonly alpha?: number;
}

/** The option to weigh the classes by α. */
export interface ClassBalancing {
  /** Whether targets 1 weigh α and targets 0 weigh 1 − α. Default false. */
  readonly applyClassBalancing?: boolean;
}

const focalOptions: OptionChecks<FocalOptions> = { ...crossentropyOptions, gamma: notNegative, alpha: share };

/**
 * L = −[y·ln ŷ + (1 − y)·ln(1 − ŷ)] · (1 − p)^γ with p = yŷ + (1 − y)(1 − ŷ), the mean over the last axis; ŷ in a logarithm is limited to
 * [10⁻⁷, 1 − 10⁻⁷].
 *
 * @throws ConfigError when a number is out of its range
 * @example binaryFocalCrossentropy({ gamma: 3, fromLogits: true })
 */
export function binaryFocalCrossentropy(options: FocalOptions & ClassBalancing = {}): Loss {
  const name = "binaryFocalCrossentropy";
  checkOptions(name, options, { ...focalOptions, applyClassBalancing: flag });
  const { gamma = 2, alpha = 0.25, applyClassBalancing = false, fromLogits = false, labelSmoothing = 0 } = options;
  return comparingLoss(
    name,
    (given, prediction) => {
      const y = smoothed(given, labelSmoothing, 2);
      const probability = fromLogits ? sigmoid(prediction) : prediction;
      const logOf = (p: Node) => log(clip(p, EPSILON, 1 - EPSILON));
      const either = (ofOne: Node, ofZero: Node | number) => add(mul(y, ofOne), mul(sub(1, y), ofZero));
      const cost = negate(either(logOf(probability), logOf(sub(1, probability))));
      const focal = mul(power(sub(1, either(probability, sub(1, probability))), gamma), cost);
      return mean(applyClassBalancing ? mul(add(mul(y, alpha), mul(sub(1, y), 1 - alpha)), focal) : focal, [-1]);
    },
    { gamma, alpha, applyClassBalancing, fromLogits, labelSmoothing },
    { range: [0, 1], activation: "sigmoid" },
  );
}

/**
 * L = −Σ α·(1 − ŷᵢ)^γ · yᵢ·ln ŷᵢ over the classes; ŷ is divided by its sum and limited to [10⁻⁷, 1 − 10⁻⁷].
 *
 * @throws ConfigError when a number is out of its range
 * @example categoricalFocalCrossentropy({ gamma: 3 })
 */
export function categoricalFocalCrossentropy(options: FocalOptions = {}): Loss {
  const name = "categoricalFocalCrossentropy";
  const { gamma = 2, alpha = 0.25, fromLogits = false, labelSmoothing = 0 } = checkOptions(name, options, focalOptions);
  return comparingLoss(
    name,
    (given, prediction) => {
      const y = smoothed(given, labelSmoothing, prediction.shape.at(-1)!);
      const raw = fromLogits ? softmax(prediction) : div(prediction, sum(prediction, [-1], { keepDims: true }));
      const probability = clip(raw, EPSILON, 1 - EPSILON);
      const focus = mul(alpha, power(sub(1, probability), gamma));
      return negate(sum(mul(focus, mul(y, log(probability))), [-1]));
    },
    { gamma, alpha, fromLogits, labelSmoothing },
    { range: [0, 1], distribution: true, activation: "softmax" },
  );
}

/** xᵞ for x ≥ 0, and its derivative 0 at x = 0 for γ ≥ 1. */
function power(x: Node, gamma: number): Node | number {
  if (gamma === 0) return 1;
  if (gamma === 1) return x;
  return gamma === 2 ? mul(x, x) : pow(x, gamma);
}
