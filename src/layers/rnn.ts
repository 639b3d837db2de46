/** Recurrent layer with a custom cell, or with several stacked cells. */
import { type Activation, activationConfig, resolveActivation } from "../activations/index.js";
import { type AnyCell, type Cell, checkCellName, stackedCells } from "../cells/index.js";
import { ConfigError } from "../errors.js";
import { anything, checkOption, checkOptions, count, expecting, formatValue, likeDefaults } from "../options/index.js";
import type { Layer } from "./layer.js";
import { activationLike } from "./option-checks.js";
import { type RecurrentOptions, recurrent, recurrentOptions } from "./recurrent.js";

/** Options of a cell that differ from its defaults; an activation may be given by its name. */
export type CellOptions<Options> = {
  readonly [Name in keyof Options]?: Options[Name] extends Activation ? Options[Name] | string : Options[Name];
};

/**
 * Runs any cell over time: write the equations of one step with `defineCell`, and get direction, masks, dropout, back-propagation through
 * time and truncation from this layer. A file holds the cell's name; a custom cell is given again when the model is loaded.
 *
 * Several cells are stacked from the bottom up: at every step each cell reads the output of the cell below it. Units and cellOptions are
 * then lists, and parameters and states are numbered: kernel1, h1, kernel2, ….
 *
 * @param cell the equations
 * @param units length of the state
 * @param options those of every recurrent layer, and those of the cell as `cellOptions`
 * @throws ConfigError when an option is not valid, or a cell has the name of a built-in one; ShapeError unless the input is
 *   [batch, time, features]
 * @example rnn(leakyCell, 32, { cellOptions: { leak: 0.2 }, returnSequences: true })
 * @example rnn([lstmCell, gruCell], [32, 16], { cellOptions: [{}, { resetAfter: false }] })
 */
export function rnn<Options extends object, Parameters extends object, State extends object>(
  cell: Cell<Options, Parameters, State>,
  units: number,
  options?: RecurrentOptions & { readonly cellOptions?: CellOptions<Options> },
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
  checkOptions("RNN", options, { ...recurrentOptions, cellOptions: anything });
  if (isList(cell) || isList(units)) {
    if (!isList(cell) || !isList(units) || cell.length !== units.length || cell.length === 0) {
      throw new ConfigError("RNN: expected a list of cells and as many units, from the bottom up.");
    }
    for (const size of units) checkOption("RNN", "units", size, count);
    const given: unknown = options.cellOptions ?? [];
    if (!isList(given) || given.length > cell.length) {
      throw new ConfigError(
        `RNN: cellOptions must be a list of at most ${cell.length}, one for each cell, received ${formatValue(given)}. Give {} to a cell that has none.`,
      );
    }
    const complete = cell.map((each, i) => completeOptions(each, given[i] as object | undefined));
    const config = { cell: cell.map(({ name }) => name), units, cellOptions: complete.map(plainOptions) };
    const stack = stackedCells(cell, units, complete);
    return recurrent({ type: "RNN", cell: stack, units: units.at(-1)!, cellOptions: {}, config }, options);
  }
  const cellOptions = completeOptions(cell, options.cellOptions);
  const config = { cell: cell.name, units, cellOptions: plainOptions(cellOptions) };
  return recurrent({ type: "RNN", cell, units, cellOptions, config }, options);
}

const aCell = expecting("a cell, such as lstmCell or the result of defineCell", (given) => {
  const { name, options, parameters, state, step } = (given ?? {}) as Partial<AnyCell>;
  const isNamed = typeof name === "string" && typeof options === "object";
  return isNamed && [parameters, state, step].every((part) => typeof part === "function");
});

/** The cell's options with the given ones. An option whose default is a function is an activation, and may be given by name. */
function completeOptions(cell: AnyCell, given: object | undefined): object {
  checkOption("RNN", "cell", cell, aCell);
  checkCellName(cell);
  const defaults: Readonly<Record<string, unknown>> = cell.options;
  checkOptions(`RNN: cellOptions of "${cell.name}"`, given, likeDefaults(defaults, activationLike));
  return mapValues({ ...defaults, ...given }, (value, name) =>
    typeof defaults[name] === "function" && typeof value === "string" ? resolveActivation(value) : value,
  );
}

/** The options as plain data, for a config. */
function plainOptions(options: object): object {
  return mapValues(options, (value) => (typeof value === "function" ? activationConfig(value as Activation) : value));
}

function mapValues(record: object, change: (value: unknown, name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}

function isList<Value>(given: Value | readonly Value[]): given is readonly Value[] {
  return Array.isArray(given);
}
