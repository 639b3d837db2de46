/** The list of losses, and resolution of a name or a config to a loss. */
import { ConfigError } from "../errors.js";
import { unknownName, withoutUsual } from "../options/index.js";
import { binaryCrossentropy } from "./binary-crossentropy.js";
import { categoricalCrossentropy, sparseCategoricalCrossentropy } from "./categorical-crossentropy.js";
import { crfLoss } from "./crf-loss.js";
import { ctc } from "./ctc.js";
import { binaryFocalCrossentropy, categoricalFocalCrossentropy } from "./focal-crossentropy.js";
import { categoricalHinge, hinge, squaredHinge } from "./hinge.js";
import { kullbackLeiblerDivergence } from "./kullback-leibler-divergence.js";
import type { Loss } from "./loss.js";
import {
  cosineSimilarity,
  huber,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
} from "./mean-errors.js";

/** A name ("binaryCrossentropy", "binary_crossentropy", "BinaryCrossentropy", "bce"), a config, or a loss. */
export type LossLike = string | Loss["config"] | Loss;

/** Every loss by its name. */
export const losses: {
  readonly binaryCrossentropy: typeof binaryCrossentropy;
  readonly categoricalCrossentropy: typeof categoricalCrossentropy;
  readonly sparseCategoricalCrossentropy: typeof sparseCategoricalCrossentropy;
  readonly binaryFocalCrossentropy: typeof binaryFocalCrossentropy;
  readonly categoricalFocalCrossentropy: typeof categoricalFocalCrossentropy;
  readonly kullbackLeiblerDivergence: typeof kullbackLeiblerDivergence;
  readonly poisson: typeof poisson;
  readonly meanSquaredError: typeof meanSquaredError;
  readonly meanAbsoluteError: typeof meanAbsoluteError;
  readonly meanAbsolutePercentageError: typeof meanAbsolutePercentageError;
  readonly meanSquaredLogarithmicError: typeof meanSquaredLogarithmicError;
  readonly huber: typeof huber;
  readonly logCosh: typeof logCosh;
  readonly cosineSimilarity: typeof cosineSimilarity;
  readonly hinge: typeof hinge;
  readonly squaredHinge: typeof squaredHinge;
  readonly categoricalHinge: typeof categoricalHinge;
  readonly ctc: typeof ctc;
  readonly crfLoss: typeof crfLoss;
} & Readonly<Record<string, (options?: never) => Loss>> = {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  kullbackLeiblerDivergence,
  poisson,
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  huber,
  logCosh,
  cosineSimilarity,
  hinge,
  squaredHinge,
  categoricalHinge,
  ctc,
  crfLoss,
};

const aliases: Readonly<Record<string, string>> = {
  bce: "binaryCrossentropy",
  mse: "meanSquaredError",
  mae: "meanAbsoluteError",
  mape: "meanAbsolutePercentageError",
  msle: "meanSquaredLogarithmicError",
  kld: "kullbackLeiblerDivergence",
  kl_divergence: "kullbackLeiblerDivergence",
  kldivergence: "kullbackLeiblerDivergence",
  logcosh: "logCosh",
};

/** The key in the list of losses for a name; undefined for an unknown name. */
export function lossName(type: string): string | undefined {
  const camel = type
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase());
  const alias = type.toLowerCase();
  const name = Object.hasOwn(aliases, alias) ? aliases[alias]! : camel;
  return Object.hasOwn(losses, name) ? name : undefined;
}

/**
 * The loss that a name, a config or a loss stands for.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveLoss("mse")
 */
export function resolveLoss(given: LossLike): Loss {
  if (typeof given === "object" && "perSample" in given) return given as Loss;
  const { type, ...options } = typeof given === "string" ? { type: given } : given;
  const name = lossName(String(type));
  if (name === undefined) {
    const known = [...Object.keys(losses), ...Object.keys(aliases)];
    throw new ConfigError(
      `${unknownName("loss", type, known)}; pass a custom loss itself, or when you load the model: ` +
        `loadModel(path, { losses: { ${JSON.stringify(String(type))}: … } }).`,
    );
  }
  return losses[name]!(withoutUsual(name, options) as never);
}
