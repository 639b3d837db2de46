/** The list of built-in cells, and the way from a name to a cell. */
import { ConfigError } from "../errors.js";
import type { AnyCell } from "./cell.js";
import { gruCell } from "./gru.js";
import { lstmCell } from "./lstm.js";
import { simpleRNNCell } from "./simple-rnn.js";

/** Every built-in cell by its name. */
export const cells: Readonly<Record<string, AnyCell>> = {
  [simpleRNNCell.name]: simpleRNNCell,
  [lstmCell.name]: lstmCell,
  [gruCell.name]: gruCell,
};

/**
 * The cell of that name.
 *
 * @param own cells of the user's, by the names that configs give them
 * @throws ConfigError when there is none, saying how to give it
 */
export function cellOfName(name: string, own: Readonly<Record<string, AnyCell>> = {}): AnyCell {
  const found = [cells, own].find((list) => Object.hasOwn(list, name));
  if (found) return found[name]!;
  throw new ConfigError(
    `Unknown cell "${name}". Built in are ${Object.keys(cells).join(", ")}; a cell of your own is given when the model is loaded: ` +
      `loadModel(path, { cells: { ${JSON.stringify(name)}: … } }).`,
  );
}

/**
 * Refuses a cell that has the name of a built-in one without being it: a file would bring back the other.
 *
 * @throws ConfigError saying so
 */
export function checkCellName(cell: AnyCell): void {
  if (!Object.hasOwn(cells, cell.name) || cells[cell.name] === cell) return;
  throw new ConfigError(`RNN: "${cell.name}" is the name of a built-in cell; give yours a name of its own.`);
}
