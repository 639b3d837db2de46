/** What losses that compare numbers share: targets in the prediction's shape, and a mean or sum over the last axis. */
import type { Node } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { alignTargets } from "./align-targets.js";
import type { Loss } from "./loss.js";

/**
 * A loss whose targets have the prediction's shape.
 *
 * @param name Keras's function name, in camelCase
 * @param compare from y and ŷ, both [..., outputs], to the losses [...]
 * @param options what the config holds beside the name
 */
export function comparingLoss(
  name: string,
  compare: (y: Node, prediction: Node) => Node,
  options: Readonly<Record<string, unknown>> = {},
): Loss {
  return {
    name,
    config: { type: name, ...options },
    targets: "float",
    targetShape: (shape) => shape,
    perSample: (yTrue, yPred) => compare(alignTargets(name, yTrue, yPred.shape), yPred),
  };
}

/** Throws unless every number given is positive and finite. */
export function checkPositive(loss: string, numbers: Readonly<Record<string, number>>): void {
  for (const [option, value] of Object.entries(numbers)) {
    if (typeof value === "number" && value > 0 && Number.isFinite(value)) continue;
    throw new ConfigError(`${loss}: ${option} must be a positive number, received ${value}.`);
  }
}
