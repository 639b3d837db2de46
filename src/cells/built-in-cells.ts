/** The list of built-in cells, and resolution of a name to a cell. */
import { checkCustomName, entryOf, type Registry } from "../registry.js";
import type { AnyCell } from "./cell.js";
import { gruCell, lstmCell, simpleRNNCell } from "./public.js";

/** Every built-in cell by its name. */
export const cells = {
  simpleRNN: simpleRNNCell,
  lstm: lstmCell,
  gru: gruCell,
} as const satisfies Readonly<Record<string, AnyCell>>;

/** Cells by name. */
export const cellRegistry: Registry<AnyCell> = { kind: "cell", entries: cells, custom: "cells" };

/**
 * The cell of that name.
 *
 * @param custom custom cells by their names in configs
 * @throws ConfigError for an unknown name
 */
export function cellOfName(name: string, custom: Readonly<Record<string, AnyCell>> = {}): AnyCell {
  return entryOf(cellRegistry, name, custom);
}

/**
 * Checks that a custom cell does not have the name of a built-in cell, which loading a file would return instead.
 *
 * @throws ConfigError if it has
 */
export function checkCellName(cell: AnyCell): void {
  const known: readonly AnyCell[] = Object.values(cells);
  if (!known.includes(cell)) checkCustomName(cellRegistry, "RNN", cell.name);
}
