/** Activations that squash the line into an interval. At their bends the derivatives are those of Keras on TensorFlow. */
import {
  abs,
  add,
  clip,
  div,
  maximum,
  minimum,
  mul,
  type Node,
  negate,
  sigmoid,
  softplus,
  tanh,
} from "../equations/index.js";

export { sigmoid, tanh };

/** x / (1 + |x|), in (−1, 1). */
export const softsign = (x: Node): Node => div(x, add(1, abs(x)));

/** x/6 + 1/2, limited to [0, 1]: Keras 3's form (Keras 2 had x/5 + 1/2). The derivative at −3 and 3 is 0. */
export const hardSigmoid = (x: Node): Node => saturated(mul(add(x, 3), 1 / 6));

/** x limited to [−1, 1]; the derivative at −1 and 1 is 1. */
export const hardTanh = (x: Node): Node => clip(x, -1, 1);

/** ln σ(x) = −ln(1 + e⁻ˣ), without overflow. */
export const logSigmoid = (x: Node): Node => negate(softplus(negate(x)));

/** (x + 1)/2, limited to [0, 1]: the derivative of sparsePlus. Its own derivative at −1 and 1 is 0. */
export const sparseSigmoid = (x: Node): Node => saturated(add(mul(0.5, x), 0.5));

/** x limited to [0, 1], with the derivative 0 at both bounds, where `clip` has 1. */
const saturated = (x: Node): Node => minimum(1, maximum(0, x));
