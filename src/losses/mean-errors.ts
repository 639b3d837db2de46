/** Regression losses. */
import {
  abs,
  add,
  div,
  lessEqual,
  log,
  log1p,
  maximum,
  mean,
  mul,
  type Node,
  negate,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  where,
} from "../equations/index.js";
import { checkOptions, type NoOptions, positive } from "../options/index.js";
import { comparingLoss, plainLoss } from "./comparing-loss.js";
import { EPSILON } from "./crossentropy.js";
import type { Loss } from "./loss.js";

/** L = mean of (y − ŷ)² over the last axis. @example meanSquaredError() */
export const meanSquaredError = (options: NoOptions = {}): Loss => plainMean("meanSquaredError", options, square);

/** L = mean of |y − ŷ| over the last axis. @example meanAbsoluteError() */
export const meanAbsoluteError = (options: NoOptions = {}): Loss => plainMean("meanAbsoluteError", options, abs);

/** L = 100 · mean of |y − ŷ| / |y| over the last axis; |y| is at least 10⁻⁷. @example meanAbsolutePercentageError() */
export const meanAbsolutePercentageError = (options: NoOptions = {}): Loss =>
  plainLoss("meanAbsolutePercentageError", options, (y, prediction) =>
    mul(100, mean(abs(div(sub(y, prediction), maximum(abs(y), EPSILON))), [-1])),
  );

/** L = mean of (ln(1 + ŷ) − ln(1 + y))² over the last axis; y and ŷ are at least 10⁻⁷. @example meanSquaredLogarithmicError() */
export const meanSquaredLogarithmicError = (options: NoOptions = {}): Loss =>
  plainLoss("meanSquaredLogarithmicError", options, (y, prediction) => {
    const logOf = (x: Node) => log1p(maximum(x, EPSILON));
    return mean(square(sub(logOf(prediction), logOf(y))), [-1]);
  });

/**
 * L = mean of ln cosh e over the last axis with e = ŷ − y: about e²/2 for small errors and |e| − ln 2 for large ones.
 *
 * @example logCosh()
 */
export const logCosh = (options: NoOptions = {}): Loss =>
  plainMean("logCosh", options, (e) => sub(add(e, softplus(mul(-2, e))), Math.LN2));

/**
 * L = mean of ½e² where |e| ≤ δ, and of δ|e| − ½δ² elsewhere, over the last axis (Huber 1964), with e = ŷ − y.
 *
 * @param options `delta` δ, default 1
 * @throws ConfigError if delta is not positive
 * @example huber({ delta: 0.5 })
 */
export function huber(options: { readonly delta?: number } = {}): Loss {
  const { delta = 1 } = checkOptions("huber", options, { delta: positive });
  return meanError(
    "huber",
    (e) => where(lessEqual(abs(e), delta), mul(0.5, square(e)), sub(mul(delta, abs(e)), 0.5 * delta ** 2)),
    { delta },
  );
}

/** L = mean of ŷ − y·ln(ŷ + 10⁻⁷) over the last axis: the negative log-likelihood of counts y with mean ŷ, without a constant. @example poisson() */
export const poisson = (options: NoOptions = {}): Loss =>
  plainLoss("poisson", options, (y, prediction) => mean(sub(prediction, mul(y, log(add(prediction, EPSILON)))), [-1]));

/**
 * L = −Σ y·ŷ / (‖y‖‖ŷ‖) over the last axis: −1 for vectors of equal direction, 0 for orthogonal ones. Norms are at least 10⁻⁷.
 *
 * @example cosineSimilarity()
 */
export const cosineSimilarity = (options: NoOptions = {}): Loss =>
  plainLoss("cosineSimilarity", options, (y, prediction) => {
    const unit = (x: Node) => div(x, sqrt(maximum(sum(square(x), [-1], { keepDims: true }), EPSILON ** 2)));
    return negate(sum(mul(unit(y), unit(prediction)), [-1]));
  });

function plainMean(name: string, options: NoOptions, of: (difference: Node) => Node): Loss {
  checkOptions(name, options, {});
  return meanError(name, of);
}

function meanError(name: string, of: (difference: Node) => Node, options?: Readonly<Record<string, unknown>>): Loss {
  return comparingLoss(name, (y, prediction) => mean(of(sub(prediction, y)), [-1]), options);
}
