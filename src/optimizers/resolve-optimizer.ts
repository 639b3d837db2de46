/** The list of optimizers, and resolution of a name or a config to an optimizer. */
import { ConfigError } from "../errors.js";
import { unknownName, withoutUsual } from "../options/index.js";
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
export const optimizers: {
  readonly sgd: typeof sgd;
  readonly rmsprop: typeof rmsprop;
  readonly adam: typeof adam;
  readonly adamw: typeof adamw;
  readonly adamax: typeof adamax;
  readonly nadam: typeof nadam;
  readonly adagrad: typeof adagrad;
  readonly adadelta: typeof adadelta;
  readonly lion: typeof lion;
} & Readonly<Record<string, (options?: never) => Optimizer>> = {
  sgd,
  rmsprop,
  adam,
  adamw,
  adamax,
  nadam,
  adagrad,
  adadelta,
  lion,
};

/**
 * The optimizer that a name, a config or an optimizer stands for.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveOptimizer("rmsprop")
 */
export function resolveOptimizer(given: OptimizerLike): Optimizer {
  if (typeof given === "object" && given !== null && "update" in given) return given as Optimizer;
  const { type, ...options } = typeof given === "string" ? { type: given } : (given as Optimizer["config"]);
  const name = String(type).toLowerCase();
  if (!Object.hasOwn(optimizers, name)) {
    throw new ConfigError(`${unknownName("optimizer", type, Object.keys(optimizers))}.`);
  }
  return optimizers[name]!(withoutUsual(name, options) as never);
}
