/** Reshape and permute: another shape for the numbers of an example. Masks are refused: steps need not remain steps. */
import { reshape as reshapeNode, transpose } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { checkOptions, formatValue } from "../options/index.js";
import { formatShape, type PartialShape, sizeOf } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { unfitInput } from "./describe-layer.js";
import { batchMajor, type Layer, type LayerOptions } from "./layer.js";
import { layerOptions } from "./option-checks.js";

/**
 * The same numbers in the same order under another shape: [batch, …] → [batch, …targetShape].
 *
 * @param targetShape without the batch axis; one axis may be −1, which stands for the remaining size
 * @throws ConfigError when the shape is not valid; ShapeError when the number of elements differs
 * @example reshape([28, 28])
 */
export function reshape(targetShape: readonly number[], options: LayerOptions = {}): Layer {
  checkOptions("Reshape", options, layerOptions);
  const valid =
    Array.isArray(targetShape) && targetShape.every((axis) => axis === -1 || (Number.isInteger(axis) && axis > 0));
  if (!valid || targetShape.filter((axis) => axis === -1).length > 1) {
    throw new ConfigError(
      `Reshape: targetShape must be positive integers, of which one may be -1, received ${formatValue(targetShape)}.`,
    );
  }
  const stated = sizeOf(targetShape.filter((axis) => axis !== -1));
  const resolved = (shape: PartialShape): PartialShape => {
    const rest = shape.slice(1);
    const left = rest.includes(null) ? null : sizeOf(rest as number[]) / stated;
    return [shape[0]!, ...targetShape.map((axis) => (axis === -1 ? left : axis))];
  };
  return defineLayer("Reshape", options, {
    config: { targetShape: [...targetShape] },
    inputCount: 1,
    masking: "refuses",
    parameters(inputShape) {
      const rest = inputShape.slice(1);
      if (rest.includes(null)) return [];
      const left = sizeOf(rest as number[]) / stated;
      if (targetShape.includes(-1) ? Number.isInteger(left) : left === 1) return [];
      const expected = `as many numbers per example as ${formatShape(targetShape)}`;
      throw unfitInput(this, expected, inputShape, "Give another targetShape; one axis may be -1.");
    },
    outputShapes: (inputShape) => [resolved(inputShape)],
    call([signal]) {
      const x = batchMajor(signal);
      return [{ node: reshapeNode(x, resolved(x.shape) as number[]), timeMajor: false }];
    },
  });
}

/**
 * The axes of each example in another order.
 *
 * @param dims axis i of the output is axis dims[i] of the input, counted from 1: the batch, 0, stays where it is
 * @throws ConfigError unless dims is an order of 1 … n; ShapeError unless the input has n axes besides the batch
 * @example permute([2, 1]) // [batch, time, features] → [batch, features, time]
 */
export function permute(dims: readonly number[], options: LayerOptions = {}): Layer {
  checkOptions("Permute", options, layerOptions);
  if (!Array.isArray(dims) || dims.length === 0 || !dims.every((_, i) => dims.includes(i + 1))) {
    throw new ConfigError(
      `Permute: dims must be an order of the axes 1 … ${Array.isArray(dims) ? dims.length : "n, such as [2, 1]"}, received ${formatValue(dims)}.`,
    );
  }
  const order = [0, ...dims];
  return defineLayer("Permute", options, {
    config: { dims: [...dims] },
    inputCount: 1,
    masking: "refuses",
    parameters(inputShape) {
      if (inputShape.length === order.length) return [];
      throw unfitInput(this, `${dims.length} axes besides the batch`, inputShape, "Name each axis in dims once.");
    },
    outputShapes: (inputShape) => [order.map((axis) => inputShape[axis]!)],
    call: ([signal]) => [{ node: transpose(batchMajor(signal), order), timeMajor: false }],
  });
}
