/** Hints for data whose axes do not fit a model. */
import { formatShape, type PartialShape } from "../tensor/shape.js";

/**
 * Hint in a sentence or two: which axis is missing, too many, or of another size.
 *
 * @param name name of the data in messages: "x"
 * @param expected batch-first; null fits any size
 */
export function adviceOnAxes(name: string, expected: PartialShape, shape: PartialShape): string {
  const missing = expected.length - shape.length;
  if (missing === 0) {
    const axis = expected.findIndex((size, i) => i > 0 && size !== null && size !== shape[i]);
    return axis === -1 ? "" : `Axis ${axis} must have size ${expected[axis]}; reshape or pad the data.`;
  }
  if (missing < 0)
    return `${axes(-missing)} too many; reshape the data to ${formatShape([null, ...expected.slice(1)])}.`;
  if (missing > 1)
    return `${axes(missing)} missing${expected.length === 3 ? ": [[[1], [2]]] is one sequence of two steps" : ""}.`;
  const isOneExample = fits(expected.slice(1), shape)
    ? [`if ${name} is one example, wrap it in a list: [${name}]`]
    : [];
  const last = expected.at(-1);
  const isOneNumber =
    expected.length === 3 && (last === null || last === 1) && fits(expected.slice(0, 2), shape)
      ? ["if each step is one number, wrap each number: [[[1], [2]]]"]
      : [];
  const ways = [...isOneExample, ...isOneNumber];
  return `One axis is missing: ${ways.length > 0 ? ways.join("; ") : `expected ${formatShape(expected)}`}.`;
}

function axes(count: number): string {
  return count === 1 ? "There is one axis" : `There are ${count} axes`;
}

function fits(expected: PartialShape, shape: PartialShape): boolean {
  return expected.every((size, i) => size === null || shape[i] === null || size === shape[i]);
}
