/** Simple recurrent layer. */
import { simpleRNNCell } from "../cells/index.js";
import { checkOptions } from "../options/index.js";
import { type KerasRecurrentOptions, kerasRecurrent, kerasRecurrentOptions } from "./keras-recurrent.js";
import type { Layer } from "./layer.js";

/** Options of `simpleRNN`. */
export interface SimpleRNNOptions extends KerasRecurrentOptions {}

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
  checkOptions("SimpleRNN", options, kerasRecurrentOptions);
  return kerasRecurrent({ type: "SimpleRNN", cell: simpleRNNCell, units }, options);
}
