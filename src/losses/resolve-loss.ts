/** The list of losses, and resolution of a name or a config to a loss. */
import { type MakerRegistry, resolveFrom } from "../registry.js";
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
export const losses = {
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
} as const satisfies Readonly<Record<string, (options?: never) => Loss>>;

/** Losses by name. */
export const lossRegistry: MakerRegistry<Loss> = {
  kind: "loss",
  entries: losses,
  aliases: {
    bce: "binaryCrossentropy",
    mse: "meanSquaredError",
    mae: "meanAbsoluteError",
    mape: "meanAbsolutePercentageError",
    msle: "meanSquaredLogarithmicError",
    kld: "kullbackLeiblerDivergence",
    kldivergence: "kullbackLeiblerDivergence",
  },
  methods: ["targetShape"],
  example: "meanSquaredError",
  owner: "compile",
  define: 'defineLoss({ name: "mine", options: {}, perSample: (yTrue, yPred) => … })',
  custom: "losses",
};

/**
 * The loss that a name, a config or a loss stands for.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveLoss("mse")
 */
export function resolveLoss(given: LossLike): Loss {
  return resolveFrom(lossRegistry, given);
}
