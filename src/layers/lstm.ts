/** Long short-term memory (LSTM). */
import { type ActivationLike, activationConfig, resolveActivation } from "../activations/index.js";
import { lstmCell, rememberAtFirst } from "../cells/index.js";
import { checkOptions, flag, type OptionChecks } from "../options/index.js";
import { type KerasRecurrentOptions, kerasRecurrent, kerasRecurrentOptions } from "./keras-recurrent.js";
import type { Layer } from "./layer.js";
import { activationLike } from "./option-checks.js";

/** Options of `lstm`. */
export interface LSTMOptions extends KerasRecurrentOptions {
  /** Of the gates; default "sigmoid". */
  readonly recurrentActivation?: ActivationLike;
  /** Whether the forget gate's bias starts at 1 instead of the biasInitializer's value. Default true. */
  readonly unitForgetBias?: boolean;
}

const lstmOptions: OptionChecks<LSTMOptions> = {
  ...kerasRecurrentOptions,
  recurrentActivation: activationLike,
  unitForgetBias: flag,
};

/**
 * c(t) = f(t) ⊙ c(t−1) + i(t) ⊙ g(t), h(t) = o(t) ⊙ tanh(c(t)) over time (Hochreiter & Schmidhuber 1997), see `lstmCell`:
 * [batch, time, features] → [batch, units], or [batch, time, units] with returnSequences; returnState adds the last h and c.
 * Parameters, with the gates i, f, g, o side by side: kernel W [features, 4 × units], recurrent_kernel R [units, 4 × units],
 * bias b [4 × units], and initial_h and initial_c [units] if the initial state is learned.
 *
 * Dropout is the same for all gates; with recurrentDropout each gate has separate noise, for the input and for the state.
 *
 * @param units length of each of the states h and c
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, time, features]
 * @example lstm(64, { returnSequences: true })
 */
export function lstm(units: number, options: LSTMOptions = {}): Layer {
  checkOptions("LSTM", options, lstmOptions);
  const { unitForgetBias = true } = options;
  const recurrentActivation = resolveActivation(options.recurrentActivation ?? "sigmoid");
  return kerasRecurrent(
    {
      type: "LSTM",
      cell: lstmCell,
      units,
      cellOptions: { recurrentActivation, unitForgetBias },
      config: { recurrentActivation: activationConfig(recurrentActivation), unitForgetBias },
      biasInitializer: unitForgetBias ? (given) => rememberAtFirst(given.values) : undefined,
    },
    options,
  );
}
