/** A loss of one's own, from its equation. */
import { checkNode, type Node } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { anObject, checkOption, checkOptions, expecting, likeDefaults, nameText } from "../options/index.js";
import type { DType } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";
import { isRecord } from "../tensor/tensor-like.js";
import { alignTargets } from "./align-targets.js";
import type { Loss } from "./loss.js";
import { losses } from "./resolve-loss.js";

/** What `defineLoss` takes. */
export interface LossDefinition<Options extends object> {
  /** Its name in logs and files; not that of a built-in loss. */
  readonly name: string;
  /** Options with their defaults: what JSON can hold. */
  readonly options: Options;
  /** Whether targets are real numbers ("float", the default) or class numbers ("int"). */
  readonly targets?: DType;
  /** Shape of the targets that belong to a prediction; default: the prediction's. */
  readonly targetShape?: (predictionShape: Shape) => Shape;
  /**
   * The loss of every sample (and step), without the last axis of the prediction.
   *
   * @param yTrue targets, of the shape above
   * @param yPred prediction, [..., outputs]
   * @returns [...]
   */
  readonly perSample: (yTrue: Node, yPred: Node, options: Options) => Node;
}

/**
 * A loss from its equation. Its gradient is derived; masks, sample weights and the mean over what is valid are the model's affair. What
 * comes back makes the loss, with other options if wanted; a file holds its name and options, so give it again when the model is loaded:
 * `loadModel(path, { losses: { pinball } })`.
 *
 * @throws ConfigError when the name is a built-in loss's, or when an option is given that the loss does not have
 * @example
 * const pinball = defineLoss({
 *   name: "pinball",
 *   options: { quantile: 0.5 },
 *   perSample: (yTrue, yPred, { quantile }) => {
 *     const error = sub(yTrue, yPred);
 *     return mean(maximum(mul(quantile, error), mul(quantile - 1, error)), [-1]);
 *   },
 * });
 * model.compile({ loss: pinball({ quantile: 0.9 }) });
 */
export function defineLoss<Options extends object>(
  definition: LossDefinition<Options>,
): (options?: Partial<Options>) => Loss {
  checkOption("defineLoss", "definition", definition, anObject);
  checkOption("defineLoss", "name", definition.name, nameText);
  checkOption(
    "defineLoss",
    "options",
    definition.options,
    expecting("an object of options and their defaults, {} for none", isRecord),
  );
  const { name, options: defaults, targets = "float", targetShape = (shape: Shape) => shape } = definition;
  const checks = likeDefaults(defaults);
  if (Object.hasOwn(losses, name)) {
    throw new ConfigError(`defineLoss: "${name}" is the name of a built-in loss; give yours a name of its own.`);
  }
  return (given = {}) => {
    checkOptions<Partial<Options>>(name, given, checks);
    const options: Options = { ...defaults, ...given };
    return {
      name,
      config: { ...options, type: name },
      targets,
      targetShape,
      perSample: (yTrue, yPred) =>
        checkNode(
          `The loss ${name}: perSample`,
          definition.perSample(alignTargets(name, yTrue, targetShape(yPred.shape)), yPred, options),
        ),
    };
  };
}
