/** Checks of the values that the functions of a cell's definition return, when a layer or `explain` calls them. */
import { ConfigError } from "../errors.js";
import { checkOptions, formatValue } from "../options/index.js";
import { isSizes } from "../tensor/shape.js";
import { isRecord } from "../tensor/tensor-like.js";

/** The functions of a cell. */
interface CellFunctions {
  // biome-ignore lint/suspicious/noExplicitAny: the functions of any cell
  parameters(sizes: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the functions of any cell
  state(sizes: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the functions of any cell
  step(...given: any[]): unknown;
}

/** The cell with functions whose results are checked. @param owner the beginning of messages: "The cell gru" */
/* @__NO_SIDE_EFFECTS__ */ export function withCheckedResults<Cell extends CellFunctions>(
  cell: Cell,
  owner: string,
): Cell {
  return {
    ...cell,
    parameters: (sizes: object) => checkParameters(owner, cell.parameters(sizes)),
    state: (sizes: object) => checkStates(owner, cell.state(sizes)),
    step: (...given: unknown[]) => checkStep(owner, cell.step(...given)),
  };
}

function checkParameters<Result>(owner: string, given: Result): Result {
  if (!isRecord(given)) throw wrong(`${owner}: parameters`, given, WEIGHTS);
  for (const [name, weight] of Object.entries(given)) {
    if (weight === undefined) continue;
    const place = `${owner}: its weight "${name}"`;
    if (!isRecord(weight)) throw unfit(place, weight, "{ shape: [features, units], initializer: … }");
    checkOptions(place, weight, { shape: () => undefined, initializer: () => undefined });
    if (!isSizes(weight.shape)) throw unfit(`${owner}: the shape of its weight "${name}"`, weight.shape, SIZES);
  }
  return given;
}

function checkStates<Result>(owner: string, given: Result): Result {
  if (!isRecord(given) || Object.keys(given).length === 0) throw wrong(`${owner}: state`, given, STATES);
  for (const [name, shape] of Object.entries(given)) {
    if (name === "x" || name === "output") {
      throw new ConfigError(
        `${owner}: a state cannot be called "${name}", the name of the step's ${name === "x" ? "input" : "output"}.`,
      );
    }
    if (!isSizes(shape)) throw unfit(`${owner}: the shape of its state "${name}"`, shape, SIZES);
  }
  return given;
}

function checkStep<Result>(owner: string, given: Result): Result {
  if (isRecord(given) && "output" in given) return given;
  throw wrong(`${owner}: step`, given, "the output and every state after the step, such as { output: next, h: next }");
}

const WEIGHTS = "the weights by name, such as { kernel: { shape: [features, units], initializer: … } }";
const STATES = "the shape of each state by name, without the batch axis, such as { h: [units] }";
const SIZES = "a list of sizes, such as [units]";

const wrong = (what: string, given: unknown, expected: string) =>
  new ConfigError(`${what} returned ${formatValue(given)}; expected ${expected}.`);

const unfit = (what: string, given: unknown, expected: string) =>
  new ConfigError(`${what} is ${formatValue(given)}; expected ${expected}.`);
