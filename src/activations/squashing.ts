/** Activations that squash the line into an interval. */
import { abs, add, clip, div, mul, type Node, negate, sigmoid, softplus, tanh } from "../equations/index.js";

export { sigmoid, tanh };

/** x / (1 + |x|), in (−1, 1). */
export const softsign = (x: Node): Node => div(x, add(1, abs(x)));

/** x/6 + 1/2, limited to [0, 1]: Keras 3's form (Keras 2 had x/5 + 1/2). */
export const hardSigmoid = (x: Node): Node => clip(add(mul(x, 1 / 6), 0.5), 0, 1);

/** x limited to [−1, 1]. */
export const hardTanh = (x: Node): Node => clip(x, -1, 1);

/** ln σ(x) = −ln(1 + e⁻ˣ), without overflow. */
export const logSigmoid = (x: Node): Node => negate(softplus(negate(x)));

/** (x + 1)/2, limited to [0, 1]: the derivative of sparsePlus. */
export const sparseSigmoid = (x: Node): Node => clip(add(mul(0.5, x), 0.5), 0, 1);
