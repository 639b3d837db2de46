/** Cells: the equations of one step of a recurrence. */
export { cellOfName, cells, checkCellName } from "./built-in-cells.js";
export {
  type AnyCell,
  type Cell,
  type CellDefinition,
  type CellDropout,
  type CellInitializer,
  type CellInputs,
  type CellParameter,
  type CellResult,
  type CellSizes,
  type CellWeights,
  defineCell,
} from "./cell.js";
export { rememberAtFirst } from "./lstm.js";
export * from "./public.js";
export { stackedCells } from "./stacked.js";
