/** Log-sum-exp: sums of probabilities in the log domain. */
import { add, exp, log, max, maximum, type Node, reshape, stopGradient, sub, sum } from "../equations/index.js";

/**
 * A stand-in for ln 0: finite, so that no result becomes NaN, and so small that it adds nothing to any other logarithm, also in
 * float32.
 */
export const LOG_ZERO = -1e30;

/** ln Σ eˣ along one axis, which is removed; without under- or overflow. Its derivative is the softmax. */
export function logSumExp(x: Node, axis: number): Node {
  // The maximum cancels out of the derivative, so it is held constant.
  const greatest = stopGradient(max(x, [axis], { keepDims: true }));
  const spread = log(sum(exp(sub(x, greatest)), [axis]));
  return add(reshape(greatest, spread.shape), spread);
}

/** ln (eᵃ + eᵇ + …), element by element. */
export function logAdd(...terms: readonly Node[]): Node {
  const greatest = stopGradient(terms.reduce((a, b) => maximum(a, b)));
  return add(greatest, log(add(...terms.map((term) => exp(sub(term, greatest))))));
}
