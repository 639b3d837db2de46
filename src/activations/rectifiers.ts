/**
 * Activations with a bend, where the derivatives are those of Keras on TensorFlow. `where` chooses between branches, and the branch
 * that is not chosen stays finite, so that neither the value nor the derivative overflows.
 */
import {
  abs,
  add,
  clip,
  exp,
  greater,
  greaterEqual,
  maximum,
  minimum,
  mul,
  type Node,
  square,
  sub,
  where,
} from "../equations/index.js";

/** max(x, 0); the derivative at 0 is 0 (Nair & Hinton 2010). */
export const relu = (x: Node): Node => maximum(0, x);

/** min(max(x, 0), 6). */
export const relu6 = (x: Node): Node => minimum(6, maximum(0, x));

/** x for x > 0, else 0.2·x: the slope of Keras's function (its layer has 0.3) (Maas et al. 2013). */
export const leakyRelu = (x: Node): Node => where(greater(x, 0), x, mul(0.2, x));

/** x for x > 0, else eˣ − 1 (Clevert et al. 2015). */
export const elu = (x: Node): Node => where(greater(x, 0), x, sub(exp(minimum(x, 0)), 1));

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** λx for x > 0, else λα(eˣ − 1), with the λ and α that keep mean 0 and variance 1 (Klambauer et al. 2017); the derivative at 0 is λ. */
export const selu = (x: Node): Node =>
  where(greaterEqual(x, 0), mul(SELU_SCALE, x), mul(SELU_SCALE * SELU_ALPHA, sub(exp(minimum(x, 0)), 1)));

/** x where |x| > 1/2, else 0. */
export const hardShrink = (x: Node): Node => where(greater(abs(x), 0.5), x, 0);

/** x moved towards 0 by 1/2; 0 where |x| ≤ 1/2. */
export const softShrink = (x: Node): Node => sub(x, clip(x, -0.5, 0.5));

/** 0 for x ≤ −1, x for x ≥ 1, and (x + 1)²/4 between. */
export const sparsePlus = (x: Node): Node => where(greater(x, 1), x, mul(0.25, square(add(clip(x, -1, 1), 1))));
