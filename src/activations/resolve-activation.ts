/** The list of activations, and resolution of names to activations and back. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { entryOf, type Registry } from "../registry.js";
import type { Activation, ActivationLike } from "./activation.js";
import { elu, hardShrink, leakyRelu, relu, relu6, selu, softShrink, sparsePlus } from "./rectifiers.js";
import {
  exponential,
  gelu,
  hardSilu,
  linear,
  logSoftmax,
  mish,
  silu,
  softmax,
  softplus,
  squareplus,
  tanhShrink,
} from "./smooth.js";
import { hardSigmoid, hardTanh, logSigmoid, sigmoid, softsign, sparseSigmoid, tanh } from "./squashing.js";

/** Every activation by its name. */
export const activations = {
  linear,
  relu,
  relu6,
  leakyRelu,
  elu,
  selu,
  softplus,
  softsign,
  silu,
  hardSilu,
  gelu,
  mish,
  tanh,
  hardTanh,
  sigmoid,
  hardSigmoid,
  logSigmoid,
  exponential,
  squareplus,
  softShrink,
  hardShrink,
  tanhShrink,
  sparsePlus,
  sparseSigmoid,
  softmax,
  logSoftmax,
} as const satisfies Readonly<Record<string, Activation>>;

/** The names of activations. */
export type ActivationName = keyof typeof activations;

/** Activations by name; celu with its default α = 1 is elu. */
export const activationRegistry: Registry<Activation> = {
  kind: "activation",
  entries: activations,
  aliases: { swish: "silu", hardswish: "hardSilu", celu: "elu" },
};

/**
 * The activation of that name; a function is returned as it is.
 *
 * @param given "tanh", "hard_sigmoid" or "hardSigmoid", a function, or nothing for "linear"
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveActivation("hard_sigmoid") // = hardSigmoid
 */
export function resolveActivation(given: ActivationLike): Activation {
  if (given === undefined || given === null) return linear;
  if (typeof given === "function") return given;
  if (typeof given !== "string") {
    throw new ConfigError(
      `An activation is a name such as "tanh" or a function, received ${formatValue(given)}. A layer such as activation("tanh") stands by itself.`,
    );
  }
  return entryOf(activationRegistry, given);
}

/** Activation in a layer's config: its name, or the function itself if it is custom. */
export function activationConfig(activation: Activation): string | Activation {
  return Object.entries(activations).find(([, known]) => known === activation)?.[0] ?? activation;
}
