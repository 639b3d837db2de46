/** Categorical crossentropies: the losses of one class among several, with one-hot targets or class numbers. */
import { equal, iota, mul, negate, notEqual, pick, reshape, sum, where } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { checkOptions, flag, integer, orNull } from "../options/index.js";
import { alignTargets } from "./align-targets.js";
import {
  type CrossentropyOptions,
  crossentropyOptions,
  logProbabilities,
  type NormalizeOption,
  normalizeOption,
  smoothed,
} from "./crossentropy.js";
import type { Loss } from "./loss.js";

/**
 * L = −Σ yᵢ·ln ŷᵢ over the classes. As in Keras ŷ is divided by its sum and limited to [10⁻⁷, 1 − 10⁻⁷]; `normalize: false` leaves the
 * division out.
 *
 * If ŷ was made as softmax(z), by an activation or because of `fromLogits`, ln ŷ is computed from z instead: the same number within
 * those limits, exact beyond them.
 *
 * @param options `labelSmoothing` s makes targets y(1 − s) + s/classes
 * @throws ConfigError if labelSmoothing is outside 0 … 1
 * @example categoricalCrossentropy({ labelSmoothing: 0.1 })
 */
export function categoricalCrossentropy(options: CrossentropyOptions & NormalizeOption = {}): Loss {
  const name = "categoricalCrossentropy";
  const checks = { ...crossentropyOptions, ...normalizeOption };
  const { fromLogits = false, labelSmoothing = 0, normalize = true } = checkOptions(name, options, checks);
  return {
    name,
    config: { type: name, fromLogits, labelSmoothing, normalize },
    targets: "float",
    range: [0, 1],
    distribution: true,
    activation: "softmax",
    targetShape: (shape) => shape,
    perSample(yTrue, yPred) {
      const y = smoothed(alignTargets(name, yTrue, yPred.shape), labelSmoothing, yPred.shape.at(-1)!);
      return negate(sum(mul(y, logProbabilities(yPred, { fromLogits, normalize })), [-1]));
    },
  };
}

/** The option to leave targets out. */
export interface IgnoreOption {
  /** Targets with this number do not count; it need not be a class: −1 is usual. Default: all count. */
  readonly ignoreClass?: number;
}

/**
 * L = −ln ŷ of the right class, whose number is the target: `categoricalCrossentropy` without the one-hot vectors, and with the same
 * treatment of ŷ. Where the target is `ignoreClass`, the loss is 0 and does not count in the mean.
 *
 * @throws ConfigError if ignoreClass is not a whole number
 * @example sparseCategoricalCrossentropy({ fromLogits: true })
 */
export function sparseCategoricalCrossentropy(
  options: Pick<CrossentropyOptions, "fromLogits"> & NormalizeOption & IgnoreOption = {},
): Loss {
  const name = "sparseCategoricalCrossentropy";
  const checks = { fromLogits: flag, ...normalizeOption, ignoreClass: orNull(integer) };
  const { fromLogits = false, normalize = true } = checkOptions(name, options, checks);
  const ignoreClass = options.ignoreClass ?? undefined;
  return {
    name,
    config: { type: name, fromLogits, normalize, ...(ignoreClass !== undefined && { ignoreClass }) },
    targets: "int",
    activation: "softmax",
    ignores: ignoreClass,
    targetShape: (shape) => shape.slice(0, -1),
    perSample(yTrue, yPred) {
      if (yTrue.dtype !== "int") {
        throw new ConfigError(
          `${name}: targets must be class numbers; for one-hot targets use categoricalCrossentropy.`,
        );
      }
      const classes = alignTargets(name, yTrue, yPred.shape.slice(0, -1));
      if (ignoreClass === undefined) {
        return negate(logProbabilities(yPred, { fromLogits, normalize }, (x) => pick(x, classes)));
      }
      // A number that is not a class cannot be picked, but equals none.
      const chosen = equal(reshape(classes, [...classes.shape, 1]), iota(yPred.shape.at(-1)!));
      const cost = negate(sum(mul(chosen, logProbabilities(yPred, { fromLogits, normalize })), [-1]));
      return where(notEqual(classes, ignoreClass), cost, 0);
    },
  };
}
