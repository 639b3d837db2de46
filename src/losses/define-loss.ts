/** Custom losses, from an equation. */
import type { Node } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import {
  aFunction,
  anObject,
  checkOption,
  checkOptions,
  expecting,
  formatValue,
  likeDefaults,
  nameText,
  type OptionChecks,
  oneOf,
} from "../options/index.js";
import { checkCustomName } from "../registry.js";
import type { DType } from "../tensor/dtype.js";
import { isSizes, isWhole, type Shape } from "../tensor/shape.js";
import { isRecord } from "../tensor/tensor-like.js";
import { alignTargets } from "./align-targets.js";
import { checkSamples } from "./check-samples.js";
import type { Loss } from "./loss.js";
import { lossRegistry } from "./resolve-loss.js";

/** The definition of a custom loss. */
export interface LossDefinition<Options extends object> {
  /** Its name in logs and files; it must differ from built-in losses. */
  readonly name: string;
  /** Options with their defaults, in types that JSON can hold. */
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
 * A loss from its equation. Its gradient is derived; the model applies masks, sample weights and the mean over valid entries.
 * Returns a function from options to the loss. A file holds only the name and options, so pass the function when you load the model:
 * `loadModel(path, { losses: { pinball } })`.
 *
 * @throws ConfigError if the name is that of a built-in loss, for a part of another kind, and for an option that the loss does not have
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
  checkOptions<LossDefinition<Options>>("defineLoss", definition, definitionChecks, ["options", "perSample"]);
  const { name, options: defaults, targets = "float" } = definition;
  const targetShape = (shape: Shape) =>
    definition.targetShape ? checkTargetShape(name, definition.targetShape(shape)) : shape;
  const checks = likeDefaults(defaults);
  checkCustomName(lossRegistry, "defineLoss", name);
  return (given = {}) => {
    checkOptions<Partial<Options>>(name, given, checks);
    const options: Options = { ...defaults, ...given };
    return {
      name,
      config: { ...options, type: name },
      targets,
      targetShape,
      perSample: (yTrue, yPred) =>
        checkSamples(
          `The loss ${name}`,
          definition.perSample(alignTargets(name, yTrue, targetShape(yPred.shape)), yPred, options),
          yPred.shape,
        ),
    };
  };
}

const definitionChecks: OptionChecks<LossDefinition<object>> = {
  name: nameText,
  options: expecting("an object of options and their defaults, {} for none", isRecord),
  targets: oneOf("float", "int"),
  targetShape: aFunction,
  perSample: aFunction,
};

function checkTargetShape(name: string, given: Shape): Shape {
  if (isSizes(given) && isWhole(given)) return given;
  throw new ConfigError(
    `The loss ${name}: targetShape returned ${formatValue(given)}; expected the shape of the targets, a list of sizes such as [batch, 1].`,
  );
}
