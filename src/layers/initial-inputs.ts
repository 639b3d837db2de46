/** Initial states as further inputs of a recurrent layer. */
import type { Node } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { formatShape, type PartialShape, type Shape } from "../tensor/shape.js";
import { describeLayer, unfitInput } from "./describe-layer.js";
import { batchMajor, type Layer, type Signal } from "./layer.js";

/** @throws ShapeError unless there are no further inputs, or one for each state with the shape of the state */
export function checkInitialInputs(
  layer: Layer,
  given: readonly PartialShape[],
  states: readonly (readonly [name: string, shape: Shape])[],
): void {
  if (given.length === 0) return;
  if (given.length !== states.length) {
    const names = states.map(([name]) => name).join(", ");
    throw new ConfigError(
      `${describeLayer(layer)} has ${states.length === 1 ? "the state" : "the states"} ${names}; expected one initial state for each, received ${given.length}.`,
    );
  }
  given.forEach((shape, i) => {
    const [name, state] = states[i]!;
    const expected = [null, ...state];
    if (shape.length === expected.length && state.every((size, j) => shape[j + 1] === size)) return;
    const hint =
      shape.length === expected.length + 1
        ? "This is a sequence: give one row of numbers an example, such as the last state of a layer with returnState: true."
        : `Give the last state of a layer with as many units, or put dense(${state.at(-1)}) between.`;
    throw unfitInput(layer, `the initial state ${name} as ${formatShape(expected)}`, shape, hint);
  });
}

/** The states by their names. */
export function initialInputs(given: readonly Signal[], states: Readonly<Record<string, Shape>>): Record<string, Node> {
  return Object.fromEntries(Object.keys(states).map((name, i) => [name, batchMajor(given[i]!)]));
}
