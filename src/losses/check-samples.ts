/** Check of the numbers that custom losses and metrics compute. */
import { checkNode, type Node } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";

/**
 * Returns the result of `perSample`: one number for each sample and step, or for each sample. A mean over all of them would hide masks and
 * weights.
 *
 * @param owner begins messages: "The loss pinball"
 * @param prediction [..., outputs]
 * @throws ConfigError for anything but a node, and for another shape
 */
export function checkSamples(owner: string, given: unknown, prediction: Shape): Node {
  const node = checkNode(`${owner}: perSample`, given);
  const expected = prediction.slice(0, -1);
  const { length } = node.shape;
  const fits = length === expected.length ? sameShape(node.shape, expected) : length > 0 && length < expected.length;
  if (fits) return node;
  throw new ConfigError(
    `${owner}: perSample returned the shape ${formatShape(node.shape)} for a prediction ${formatShape(prediction)}; expected ` +
      `${formatShape(expected)}, one number for each sample: take means and sums over the last axis only, such as mean(x, [-1]).`,
  );
}
