/** The losses of choosing one class among several: targets one-hot, or as class numbers. */
import { add, mul, negate, pick, sum } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { alignTargets } from "./align-targets.js";
import { type CrossentropyOptions, checkSmoothing, logProbabilities, type NormalizeOption } from "./crossentropy.js";
import type { Loss } from "./loss.js";

/**
 * L = −Σ yᵢ·ln ŷᵢ over the classes. As in Keras ŷ is divided by its sum and limited to [10⁻⁷, 1 − 10⁻⁷]; `normalize: false` leaves the
 * division out.
 *
 * If ŷ was made as softmax(z), by an activation or because of `fromLogits`, ln ŷ is computed from z instead: the same number within
 * those limits, exact beyond them.
 *
 * @param options `labelSmoothing` s makes targets y(1 − s) + s/classes
 * @throws ConfigError when labelSmoothing is outside 0 … 1
 * @example categoricalCrossentropy({ labelSmoothing: 0.1 })
 */
export function categoricalCrossentropy(options: CrossentropyOptions & NormalizeOption = {}): Loss {
  const name = "categoricalCrossentropy";
  const { fromLogits = false, labelSmoothing = 0, normalize = true } = options;
  checkSmoothing(name, labelSmoothing);
  return {
    name,
    config: { type: name, fromLogits, labelSmoothing, normalize },
    targets: "float",
    targetShape: (shape) => shape,
    perSample(yTrue, yPred) {
      const aligned = alignTargets(name, yTrue, yPred.shape);
      const y =
        labelSmoothing === 0 ? aligned : add(mul(aligned, 1 - labelSmoothing), labelSmoothing / yPred.shape.at(-1)!);
      return negate(sum(mul(y, logProbabilities(yPred, { fromLogits, normalize })), [-1]));
    },
  };
}

/**
 * L = −ln ŷ of the right class, whose number is the target: `categoricalCrossentropy` without the one-hot vectors, and with the same
 * treatment of ŷ.
 *
 * @example sparseCategoricalCrossentropy({ fromLogits: true })
 */
export function sparseCategoricalCrossentropy(
  options: Pick<CrossentropyOptions, "fromLogits"> & NormalizeOption = {},
): Loss {
  const name = "sparseCategoricalCrossentropy";
  const { fromLogits = false, normalize = true } = options;
  return {
    name,
    config: { type: name, fromLogits, normalize },
    targets: "int",
    targetShape: (shape) => shape.slice(0, -1),
    perSample(yTrue, yPred) {
      if (yTrue.dtype !== "int") {
        throw new ConfigError(
          `${name}: targets must be class numbers; for one-hot targets use categoricalCrossentropy.`,
        );
      }
      const classes = alignTargets(name, yTrue, yPred.shape.slice(0, -1));
      return negate(logProbabilities(yPred, { fromLogits, normalize }, (x) => pick(x, classes)));
    },
  };
}
