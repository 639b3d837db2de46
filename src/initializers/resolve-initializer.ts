/** The list of initializers, and resolution of a name or a config to an initializer. */
import type { NoOptions } from "../options/index.js";
import { type MakerRegistry, resolveFrom } from "../registry.js";
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
} = {
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

/** Initializers by name. */
export const initializerRegistry: MakerRegistry<Initializer> = {
  kind: "initializer",
  entries: initializers,
  aliases: {
    uniform: "randomUniform",
    normal: "randomNormal",
    zero: "zeros",
    one: "ones",
    identityinitializer: "identity",
    orthogonalinitializer: "orthogonal",
  },
  methods: ["values"],
  example: "glorotUniform",
};

/**
 * The initializer that a name, a config or an initializer stands for.
 *
 * @param owner the beginning of messages
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveInitializer({ type: "RandomNormal", stddev: 0.1 })
 */
export function resolveInitializer(given: InitializerLike, owner?: string): Initializer {
  return resolveFrom(owner === undefined ? initializerRegistry : { ...initializerRegistry, owner }, given);
}
