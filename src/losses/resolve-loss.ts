/** The list of losses, and the way from a name or a config to one of them. */
import { ConfigError } from "../errors.js";
import { binaryCrossentropy } from "./binary-crossentropy.js";
import { categoricalCrossentropy, sparseCategoricalCrossentropy } from "./categorical-crossentropy.js";
import type { Loss } from "./loss.js";
import { meanAbsoluteError, meanSquaredError } from "./mean-errors.js";

/** A name ("binaryCrossentropy", "binary_crossentropy", "BinaryCrossentropy", "bce"), a config, or a loss. */
export type LossLike = string | Loss["config"] | Loss;

/** Every loss by its name. */
export const losses: Readonly<Record<string, (options?: never) => Loss>> = {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  meanSquaredError,
  meanAbsoluteError,
};

const aliases: Readonly<Record<string, string>> = {
  bce: "binaryCrossentropy",
  mse: "meanSquaredError",
  mae: "meanAbsoluteError",
};

/**
 * The loss that a name, a config or a loss stands for.
 *
 * @throws ConfigError when the name is unknown, listing the known ones
 * @example resolveLoss("mse")
 */
export function resolveLoss(given: LossLike): Loss {
  if (typeof given === "object" && "perSample" in given) return given as Loss;
  const { type, ...options } = typeof given === "string" ? { type: given } : given;
  const camel = String(type)
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  const name = aliases[String(type).toLowerCase()] ?? camel;
  if (!Object.hasOwn(losses, name)) {
    const known = [...Object.keys(losses), ...Object.keys(aliases)].join(", ");
    throw new ConfigError(
      `Unknown loss "${type}". Known are ${known}; a loss of your own is given as it is, or when the model is loaded: ` +
        `loadModel(path, { losses: { ${JSON.stringify(String(type))}: … } }).`,
    );
  }
  return losses[name]!(options as never);
}
