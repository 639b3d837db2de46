/** A recurrent layer for a cell of your own. */
import type { AnyCell, Cell } from "../cells/index.js";
import type { Layer } from "./layer.js";
import { type RecurrentOptions, recurrent } from "./recurrent.js";

/**
 * Runs any cell over time: write the equations of one step with `defineCell`, get direction, masks, dropout, back-propagation through
 * time and truncation for nothing. Its config holds the cell itself, so unlike other layers it cannot be written to a file.
 *
 * @param cell the equations
 * @param units length of the state
 * @param options those of every recurrent layer, and the cell's own as `cellOptions`
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, time, features]
 * @example rnn(leakyCell, 32, { cellOptions: { leak: 0.2 }, returnSequences: true })
 */
export function rnn<Options extends object, Parameters extends object, State extends object>(
  cell: Cell<Options, Parameters, State>,
  units: number,
  options: RecurrentOptions & { readonly cellOptions?: Partial<Options> } = {},
): Layer {
  const cellOptions = { ...cell.options, ...options.cellOptions };
  return recurrent(
    { type: "RNN", cell: cell as AnyCell, units, cellOptions, config: { cell, units, cellOptions } },
    options,
  );
}
