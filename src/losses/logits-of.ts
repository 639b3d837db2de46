/** Logits behind a prediction of probabilities. */
import { isOp, type Node, reshape, reshapeOp, sigmoid, softmaxOp, transpose, transposeOp } from "../equations/index.js";

/**
 * The z of a prediction softmax(z) or σ(z), in the layout of the prediction; undefined for other predictions. A loss
 * computed from z is exact where the probability itself would round to 0 or 1, and needs fewer operations.
 */
export function logitsOf(prediction: Node, madeBy: "softmax" | "sigmoid"): Node | undefined {
  const source = prediction.inputs[0];
  if (isOp(prediction, softmaxOp)) {
    return madeBy === "softmax" && prediction.attributes.form === "softmax" ? source : undefined;
  }
  if (prediction.op.name === SIGMOID) return madeBy === "sigmoid" ? source : undefined;
  if (!source || source.shape.at(-1) !== prediction.shape.at(-1)) return undefined;
  if (isOp(prediction, reshapeOp)) {
    const logits = logitsOf(source, madeBy);
    return logits && reshape(logits, prediction.shape);
  }
  if (isOp(prediction, transposeOp)) {
    const { permutation } = prediction.attributes;
    if (permutation.at(-1) !== permutation.length - 1) return undefined;
    const logits = logitsOf(source, madeBy);
    return logits && transpose(logits, permutation);
  }
  return undefined;
}

const SIGMOID = /* @__PURE__ */ sigmoid(0).op.name;
