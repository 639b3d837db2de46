/** Writing of weights, in Keras's order. */

import { ShapeError } from "../errors.js";
import type { Network } from "../execution/network.js";
import type { Variables } from "../execution/variables.js";
import { counted } from "../options/index.js";
import { notData } from "../tensor/kind.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";

export function readWeights({ parameters }: Network, variables: Variables): Tensor[] {
  return parameters.map(({ id, shape }) => ({ data: variables.read(id), shape }));
}

/** @throws ShapeError when the number of weights or a shape differs; nothing is written then */
export function writeWeights({ parameters }: Network, variables: Variables, weights: readonly TensorLike[]): void {
  if (!Array.isArray(weights))
    throw notData("setWeights: weights", weights, "a list of tensors, as getWeights gives it");
  const wanted = parameters.map(({ id, shape }) => `${id} ${formatShape(shape)}`).join(", ");
  if (weights.length !== parameters.length) {
    throw new ShapeError(
      `setWeights: the model has ${counted(parameters.length, "weight")} (${wanted}), received ${weights.length}.`,
    );
  }
  const tensors = weights.map((value, i) => toTensor(value, `setWeights: ${parameters[i]!.id}`, "weights"));
  tensors.forEach(({ shape }, i) => {
    if (sameShape(shape, parameters[i]!.shape)) return;
    throw new ShapeError(
      `setWeights: weight ${i}, ${parameters[i]!.id}, is ${formatShape(parameters[i]!.shape)}, received ${formatShape(shape)}. In order: ${wanted}.`,
    );
  });
  tensors.forEach(({ data }, i) => {
    variables.write(parameters[i]!.id, data);
  });
}
