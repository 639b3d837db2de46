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
export { gruCell } from "./gru.js";
export { lstmCell, rememberAtFirst } from "./lstm.js";
export { simpleRNNCell } from "./simple-rnn.js";
export { stackedCells } from "./stacked.js";
