/** The list of optimizers, and resolution of a name or a config to an optimizer. */
import { type MakerRegistry, resolveFrom } from "../registry.js";
import { adam, adamw } from "./adam.js";
import { adamax, nadam } from "./adam-variants.js";
import { adadelta, adagrad } from "./adaptive-rates.js";
import { lion } from "./lion.js";
import type { Optimizer } from "./optimizer.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

/** A name in any case ("rmsprop", "RMSprop"), a config, or an optimizer. */
export type OptimizerLike = string | Optimizer["config"] | Optimizer;

/** Every optimizer by its name. */
export const optimizers = {
  sgd,
  rmsprop,
  adam,
  adamw,
  adamax,
  nadam,
  adagrad,
  adadelta,
  lion,
} as const satisfies Readonly<Record<string, (options?: never) => Optimizer>>;

/** Optimizers by name. */
export const optimizerRegistry: MakerRegistry<Optimizer> = {
  kind: "optimizer",
  entries: optimizers,
  methods: ["update"],
  example: "adam",
  owner: "compile",
};

/**
 * The optimizer that a name, a config or an optimizer stands for.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveOptimizer("rmsprop")
 */
export function resolveOptimizer(given: OptimizerLike): Optimizer {
  return resolveFrom(optimizerRegistry, given);
}
