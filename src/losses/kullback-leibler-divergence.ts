/** Kullback–Leibler divergence of one distribution from another. */
import { clip, div, log, mul, sum } from "../equations/index.js";
import type { NoOptions } from "../options/index.js";
import { plainLoss } from "./comparing-loss.js";
import { EPSILON } from "./crossentropy.js";
import type { Loss } from "./loss.js";

/**
 * L = Σ y·ln(y / ŷ) over the last axis (Kullback & Leibler 1951), with y and ŷ limited to [10⁻⁷, 1].
 *
 * @example kullbackLeiblerDivergence()
 */
export const kullbackLeiblerDivergence = (options: NoOptions = {}): Loss =>
  plainLoss("kullbackLeiblerDivergence", options, (given, prediction) => {
    const y = clip(given, EPSILON, 1);
    return sum(mul(y, log(div(y, clip(prediction, EPSILON, 1)))), [-1]);
  });
