/** What losses that compare numbers share: targets in the prediction's shape, and a mean or sum over the last axis. */
import type { Node } from "../equations/index.js";
import { checkOptions, type NoOptions } from "../options/index.js";
import { alignTargets } from "./align-targets.js";
import type { Loss } from "./loss.js";

/**
 * A loss whose targets have the prediction's shape.
 *
 * @param name Keras's function name, in camelCase
 * @param compare from y and ŷ, both [..., outputs], to the losses [...]
 * @param options what the config holds beside the name
 * @param facts what targets and predictions it expects
 */
export function comparingLoss(
  name: string,
  compare: (y: Node, prediction: Node) => Node,
  options: Readonly<Record<string, unknown>> = {},
  facts: Pick<Loss, "range" | "distribution" | "activation"> = {},
): Loss {
  return {
    name,
    config: { type: name, ...options },
    ...facts,
    targets: "float",
    targetShape: (shape) => shape,
    perSample: (yTrue, yPred) => compare(alignTargets(name, yTrue, yPred.shape), yPred),
  };
}

/** The same, of a loss that has no options. @throws ConfigError when there are some */
export function plainLoss(
  name: string,
  options: NoOptions,
  compare: (y: Node, prediction: Node) => Node,
  facts: Pick<Loss, "range"> = {},
): Loss {
  checkOptions(name, options, {});
  return comparingLoss(name, compare, {}, facts);
}
