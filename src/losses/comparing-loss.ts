/** Losses that compare numbers: targets of the prediction's shape, and a mean or sum over the last axis. */
import type { Node } from "../equations/index.js";
import { checkOptions, type NoOptions } from "../options/index.js";
import { alignTargets } from "./align-targets.js";
import type { Loss } from "./loss.js";

/**
 * A loss whose targets have the prediction's shape.
 *
 * @param name Keras's function name, in camelCase
 * @param compare from y and ŷ, both [..., outputs], to the losses [...]
 * @param options the config besides the name
 * @param expects requirements on targets and predictions
 */
export function comparingLoss(
  name: string,
  compare: (y: Node, prediction: Node) => Node,
  options: Readonly<Record<string, unknown>> = {},
  expects: Pick<Loss, "range" | "distribution" | "activation"> = {},
): Loss {
  return {
    name,
    config: { type: name, ...options },
    ...expects,
    targets: "float",
    targetShape: (shape) => shape,
    perSample: (yTrue, yPred) => compare(alignTargets(name, yTrue, yPred.shape), yPred),
  };
}

/** A comparing loss without options. @throws ConfigError if options are given */
export function plainLoss(
  name: string,
  options: NoOptions,
  compare: (y: Node, prediction: Node) => Node,
  expects: Pick<Loss, "range"> = {},
): Loss {
  checkOptions(name, options, {});
  return comparingLoss(name, compare, {}, expects);
}
