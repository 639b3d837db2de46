/** A recurrent layer for a cell of your own, or for several cells one above another. */
import { type AnyCell, type Cell, stackedCells } from "../cells/index.js";
import { ConfigError } from "../errors.js";
import { checkCount } from "./define-layer.js";
import type { Layer } from "./layer.js";
import { type RecurrentOptions, recurrent } from "./recurrent.js";

/**
 * Runs any cell over time: write the equations of one step with `defineCell`, get direction, masks, dropout, back-propagation through
 * time and truncation for nothing. Its config holds the cell itself, so unlike other layers it cannot be written to a file.
 *
 * Of several cells, from the bottom up, each reads at every step the output of the one below it; units and cellOptions are then lists,
 * and parameters and states are numbered: kernel1, h1, kernel2, ….
 *
 * @param cell the equations
 * @param units length of the state
 * @param options those of every recurrent layer, and the cell's own as `cellOptions`
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, time, features]
 * @example rnn(leakyCell, 32, { cellOptions: { leak: 0.2 }, returnSequences: true })
 * @example rnn([lstmCell, gruCell], [32, 16], { cellOptions: [{}, { resetAfter: false }] })
 */
export function rnn<Options extends object, Parameters extends object, State extends object>(
  cell: Cell<Options, Parameters, State>,
  units: number,
  options?: RecurrentOptions & { readonly cellOptions?: Partial<Options> },
): Layer;
export function rnn(
  cells: readonly AnyCell[],
  units: readonly number[],
  options?: RecurrentOptions & { readonly cellOptions?: readonly object[] },
): Layer;
export function rnn(
  cell: AnyCell | readonly AnyCell[],
  units: number | readonly number[],
  options: RecurrentOptions & { readonly cellOptions?: object } = {},
): Layer {
  const config = { cell, units, cellOptions: options.cellOptions };
  if (isList(cell) || isList(units)) {
    if (!isList(cell) || !isList(units) || cell.length !== units.length || cell.length === 0) {
      throw new ConfigError("RNN: expected a list of cells and as many units, from the bottom up.");
    }
    for (const size of units) checkCount("RNN", "units", size);
    const stack = stackedCells(cell, units, options.cellOptions as readonly object[] | undefined);
    return recurrent({ type: "RNN", cell: stack, units: units.at(-1)!, cellOptions: {}, config }, options);
  }
  const cellOptions = { ...cell.options, ...options.cellOptions };
  return recurrent({ type: "RNN", cell, units, cellOptions, config: { ...config, cellOptions } }, options);
}

function isList<Value>(given: Value | readonly Value[]): given is readonly Value[] {
  return Array.isArray(given);
}
