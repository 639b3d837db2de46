/** Sums of probabilities that are kept as logarithms. */
import { add, exp, log, max, maximum, type Node, reshape, stopGradient, sub, sum } from "../equations/index.js";

/**
 * Stands for ln 0: finite, so that nothing becomes NaN, and so far below any other logarithm that nothing is ever added to what is
 * likely at all, in float32 too.
 */
export const LOG_ZERO = -1e30;

/** ln Σ eˣ along one axis, which goes away; without under- or overflow. Its derivative is the softmax. */
export function logSumExp(x: Node, axis: number): Node {
  // The greatest cancels out of the derivative; held constant, it need not be differentiated to find that out.
  const greatest = stopGradient(max(x, [axis], { keepDims: true }));
  const spread = log(sum(exp(sub(x, greatest)), [axis]));
  return add(reshape(greatest, spread.shape), spread);
}

/** ln (eᵃ + eᵇ + …), element by element. */
export function logAdd(...terms: readonly Node[]): Node {
  const greatest = stopGradient(terms.reduce((a, b) => maximum(a, b)));
  return add(greatest, log(add(...terms.map((term) => exp(sub(term, greatest))))));
}
