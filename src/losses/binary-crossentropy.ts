/** Binary crossentropy: the loss of yes-or-no answers. */
import { add, clip, log, mean, mul, type Node, negate, softplus, sub } from "../equations/index.js";
import { checkOptions } from "../options/index.js";
import { alignTargets } from "./align-targets.js";
import { type CrossentropyOptions, crossentropyOptions, EPSILON, smoothed } from "./crossentropy.js";
import { logitsOf } from "./logits-of.js";
import type { Loss } from "./loss.js";

/**
 * L = −[y·ln ŷ + (1 − y)·ln(1 − ŷ)], the mean over the last axis, with ŷ limited to [10⁻⁷, 1 − 10⁻⁷].
 *
 * If ŷ was made as σ(z), by an activation or because of `fromLogits`, it is computed from z as ln(1 + eᶻ) − y·z instead: the same number
 * within those limits, exact beyond them, and with a gradient σ(z) − y that does not vanish there.
 *
 * @param options `labelSmoothing` s makes targets y(1 − s) + s/2
 * @throws ConfigError when labelSmoothing is outside 0 … 1
 * @example binaryCrossentropy({ fromLogits: true })
 */
export function binaryCrossentropy(options: CrossentropyOptions = {}): Loss {
  const name = "binaryCrossentropy";
  const { fromLogits = false, labelSmoothing = 0 } = checkOptions(name, options, crossentropyOptions);
  return {
    name,
    config: { type: name, fromLogits, labelSmoothing },
    targets: "float",
    range: [0, 1],
    activation: "sigmoid",
    targetShape: (shape) => shape,
    perSample(yTrue, yPred) {
      const y = smoothed(alignTargets(name, yTrue, yPred.shape), labelSmoothing, 2);
      const z = fromLogits ? yPred : logitsOf(yPred, "sigmoid");
      return mean(z ? sub(softplus(z), mul(y, z)) : ofProbability(y, yPred), [-1]);
    },
  };
}

/** 1 − ŷ is limited separately, since in float32 1 − (1 − 10⁻⁷) is 1.2·10⁻⁷. */
function ofProbability(y: Node, probability: Node): Node {
  const logOf = (p: Node) => log(clip(p, EPSILON, 1 - EPSILON));
  return negate(add(mul(y, logOf(probability)), mul(sub(1, y), logOf(sub(1, probability)))));
}
