/** The simple recurrent layer. */
import { type ActivationLike, activationConfig, resolveActivation } from "../activations/index.js";
import { simpleRNNCell } from "../cells/index.js";
import { type InitializerLike, resolveInitializer } from "../initializers/index.js";
import type { Layer } from "./layer.js";
import { type RecurrentOptions, recurrent } from "./recurrent.js";

/** Options of `simpleRNN`. */
export interface SimpleRNNOptions extends RecurrentOptions {
  /** Default "tanh". */
  readonly activation?: ActivationLike;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorotUniform". */
  readonly kernelInitializer?: InitializerLike;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: InitializerLike;
  /** Default "zeros". */
  readonly biasInitializer?: InitializerLike;
}

/**
 * h(t) = f(x(t)·W + h(t−1)·R + b) over time (Elman 1990): [batch, time, features] → [batch, units], or [batch, time, units] with
 * returnSequences. Parameters: kernel W [features, units], recurrent_kernel R [units, units], bias b [units], and initial_h [units] if the
 * initial state is learned.
 *
 * @param units length of the state
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, time, features]
 * @example simpleRNN(4, { inputShape: [3, 2] })
 */
export function simpleRNN(units: number, options: SimpleRNNOptions = {}): Layer {
  const { useBias = true, activation = "tanh" } = options;
  const f = resolveActivation(activation);
  const initializers = {
    kernel: resolveInitializer(options.kernelInitializer ?? "glorotUniform"),
    recurrentKernel: resolveInitializer(options.recurrentInitializer ?? "orthogonal"),
    bias: resolveInitializer(options.biasInitializer ?? "zeros"),
  };
  const config = {
    units,
    activation: activationConfig(f),
    useBias,
    kernelInitializer: initializers.kernel.config,
    recurrentInitializer: initializers.recurrentKernel.config,
    biasInitializer: initializers.bias.config,
  };
  const cellOptions = { activation: f, useBias };
  return recurrent({ type: "SimpleRNN", cell: simpleRNNCell, units, cellOptions, initializers, config }, options);
}
