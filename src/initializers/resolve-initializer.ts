/** The list of initializers, and resolution of a name or a config to an initializer. */
import { ConfigError } from "../errors.js";
import { formatValue, type NoOptions, unknownName } from "../options/index.js";
import { constant, identity, ones, zeros } from "./constants.js";
import {
  type NormalOptions,
  randomNormal,
  randomUniform,
  type SeedOption,
  truncatedNormal,
  type UniformOptions,
} from "./drawn.js";
import type { Initializer } from "./initializer.js";
import { orthogonal } from "./orthogonal.js";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  type VarianceScalingOptions,
  varianceScaling,
} from "./variance-scaling.js";

/** A name ("glorotUniform", "glorot_uniform", "GlorotUniform"), a config `{ type, ...options }`, or an initializer. */
export type InitializerLike = string | Initializer["config"] | Initializer;

/** Options of each initializer, by its name. */
export interface InitializerOptions {
  readonly zeros: NoOptions;
  readonly ones: NoOptions;
  readonly constant: { readonly value?: number };
  readonly identity: { readonly gain?: number };
  readonly randomUniform: UniformOptions;
  readonly randomNormal: NormalOptions;
  readonly truncatedNormal: NormalOptions;
  readonly varianceScaling: VarianceScalingOptions;
  readonly glorotUniform: SeedOption;
  readonly glorotNormal: SeedOption;
  readonly heUniform: SeedOption;
  readonly heNormal: SeedOption;
  readonly lecunUniform: SeedOption;
  readonly lecunNormal: SeedOption;
  readonly orthogonal: SeedOption & { readonly gain?: number };
}

/** Every initializer by its name. */
export const initializers: {
  readonly [Name in keyof InitializerOptions]: (options?: InitializerOptions[Name]) => Initializer;
} & Readonly<Record<string, (options?: never) => Initializer>> = {
  zeros,
  ones,
  constant,
  identity,
  randomUniform,
  randomNormal,
  truncatedNormal,
  varianceScaling,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  orthogonal,
};

const aliases: Readonly<Record<string, string>> = { uniform: "randomUniform", normal: "randomNormal" };

/**
 * The initializer that a name, a config or an initializer stands for. An option that is null counts as not given.
 *
 * @param owner the beginning of messages
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveInitializer({ type: "RandomNormal", stddev: 0.1 })
 */
export function resolveInitializer(given: InitializerLike, owner = "initializer"): Initializer {
  if (typeof given !== "string" && (typeof given !== "object" || given === null)) {
    throw new ConfigError(
      `${owner}: an initializer is a name such as "glorotUniform", or what a function of initializers gives, received ${formatValue(given)}.`,
    );
  }
  if (typeof given === "object" && "values" in given && typeof given.values === "function") return given as Initializer;
  const { type, ...options } = typeof given === "string" ? { type: given } : (given as Initializer["config"]);
  const camel = String(type)
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  const name = aliases[camel] ?? camel;
  if (!Object.hasOwn(initializers, name)) {
    throw new ConfigError(`${unknownName("initializer", type, Object.keys(initializers))}.`);
  }
  const stated = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
  return initializers[name]!(stated as never);
}
