/** Smooth relatives of the rectifier, the exponential, and the softmax family. */
import {
  add,
  erf,
  exp,
  logSoftmax,
  mul,
  type Node,
  sigmoid,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  tanh,
} from "../equations/index.js";
import { hardSigmoid } from "./squashing.js";

export { logSoftmax, softmax, softplus };

/** x. */
export const linear = (x: Node): Node => x;

/** eˣ. */
export const exponential = (x: Node): Node => exp(x);

/** x·σ(x), also called swish (Ramachandran et al. 2017). */
export const silu = (x: Node): Node => mul(x, sigmoid(x));

/** x · hardSigmoid(x), also called hardSwish (Howard et al. 2019). */
export const hardSilu = (x: Node): Node => mul(x, hardSigmoid(x));

/** x·Φ(x) = x/2 · (1 + erf(x/√2)), the exact form (Hendrycks & Gimpel 2016). */
export const gelu = (x: Node): Node => mul(mul(0.5, x), add(1, erf(mul(x, Math.SQRT1_2))));

/** x · tanh(ln(1 + eˣ)) (Misra 2019). */
export const mish = (x: Node): Node => mul(x, tanh(softplus(x)));

/** (x + √(x² + 4)) / 2 (Barron 2021). */
export const squareplus = (x: Node): Node => mul(0.5, add(x, sqrt(add(square(x), 4))));

/** x − tanh(x). */
export const tanhShrink = (x: Node): Node => sub(x, tanh(x));
