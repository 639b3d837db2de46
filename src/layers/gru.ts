/** Gated recurrent units (GRU). */
import { type ActivationLike, activationConfig, resolveActivation } from "../activations/index.js";
import { gruCell } from "../cells/index.js";
import { checkOptions, flag, type OptionChecks } from "../options/index.js";
import { type KerasRecurrentOptions, kerasRecurrent, kerasRecurrentOptions } from "./keras-recurrent.js";
import type { Layer } from "./layer.js";
import { activationLike } from "./option-checks.js";

/** Options of `gru`. */
export interface GRUOptions extends KerasRecurrentOptions {
  /** Of the gates; default "sigmoid". */
  readonly recurrentActivation?: ActivationLike;
  /** Whether the reset gate multiplies R·h(t−1) instead of h(t−1). Default true. */
  readonly resetAfter?: boolean;
}

const gruOptions: OptionChecks<GRUOptions> = {
  ...kerasRecurrentOptions,
  recurrentActivation: activationLike,
  resetAfter: flag,
};

/**
 * h(t) = z(t) ⊙ h(t−1) + (1 − z(t)) ⊙ g(t) over time (Cho et al. 2014), see `gruCell`: [batch, time, features] → [batch, units], or
 * [batch, time, units] with returnSequences. Parameters, with the gates z, r, g side by side: kernel W [features, 3 × units],
 * recurrent_kernel R [units, 3 × units], bias b [2, 3 × units], or [3 × units] without resetAfter, and initial_h [units] if the initial
 * state is learned.
 *
 * Dropout is the same for all gates; with recurrentDropout each gate has separate noise, for the input and for the state.
 *
 * @param units length of the state
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, time, features]
 * @example gru(64, { returnSequences: true })
 */
export function gru(units: number, options: GRUOptions = {}): Layer {
  checkOptions("GRU", options, gruOptions);
  const { resetAfter = true } = options;
  const recurrentActivation = resolveActivation(options.recurrentActivation ?? "sigmoid");
  return kerasRecurrent(
    {
      type: "GRU",
      cell: gruCell,
      units,
      cellOptions: { recurrentActivation, resetAfter },
      config: { recurrentActivation: activationConfig(recurrentActivation), resetAfter },
    },
    options,
  );
}
