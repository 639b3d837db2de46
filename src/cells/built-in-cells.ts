/** The list of built-in cells, and resolution of a name to a cell. */
import { ConfigError } from "../errors.js";
import type { AnyCell } from "./cell.js";
import { gruCell } from "./gru.js";
import { lstmCell } from "./lstm.js";
import { simpleRNNCell } from "./simple-rnn.js";

/** Every built-in cell by its name. */
export const cells: Readonly<Record<string, AnyCell>> = {
  simpleRNN: simpleRNNCell,
  lstm: lstmCell,
  gru: gruCell,
};

/**
 * The cell of that name.
 *
 * @param custom custom cells by their names in configs
 * @throws ConfigError for an unknown name
 */
export function cellOfName(name: string, custom: Readonly<Record<string, AnyCell>> = {}): AnyCell {
  const found = [cells, custom].find((list) => Object.hasOwn(list, name));
  if (found) return found[name]!;
  throw new ConfigError(
    `Unknown cell "${name}". Built in are ${Object.keys(cells).join(", ")}; pass a custom cell when you load the model: ` +
      `loadModel(path, { cells: { ${JSON.stringify(name)}: … } }).`,
  );
}

/**
 * Checks that a custom cell does not have the name of a built-in cell, which loading a file would return instead.
 *
 * @throws ConfigError if it has
 */
export function checkCellName(cell: AnyCell): void {
  if (!Object.hasOwn(cells, cell.name) || cells[cell.name] === cell) return;
  throw new ConfigError(`RNN: "${cell.name}" is the name of a built-in cell; give your cell another name.`);
}
