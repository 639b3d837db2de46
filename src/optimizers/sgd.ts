/** Stochastic gradient descent. */
import { add, mul, sub } from "../equations/index.js";
import { checkOptions, flag, type OptionChecks, shareBelowOne } from "../options/index.js";
import { defineOptimizer, type OptimizerOptions, optimizerOptions } from "./define-optimizer.js";
import type { Optimizer, UpdateResult } from "./optimizer.js";

/** Options of `sgd`. */
export interface SGDOptions extends OptimizerOptions {
  /** μ, 0 … 1. Default 0. */
  readonly momentum?: number;
  /** Look ahead along the momentum (Nesterov 1983). Default false. */
  readonly nesterov?: boolean;
}

const sgdOptions: OptionChecks<SGDOptions> = { ...optimizerOptions, momentum: shareBelowOne, nesterov: flag };

/**
 * w ← w − ηg; with momentum m ← μm − ηg and w ← w + m, or w ← w + μm − ηg by Nesterov.
 *
 * @param options learningRate η, default 0.01
 * @throws ConfigError if an option is out of range
 * @example sgd({ learningRate: 0.1, momentum: 0.9 })
 */
export function sgd(options: SGDOptions = {}): Optimizer {
  const { momentum = 0, nesterov = false } = checkOptions("sgd", options, sgdOptions);
  return defineOptimizer("sgd", options, {
    learningRate: 0.01,
    own: { momentum, nesterov },
    slots: momentum > 0 ? [{ name: "momentum", initial: 0 }] : [],
    slotOrder: "byWeight",
    zeroGradientIsNoOp: momentum > 0 ? "whileSlotsAreZero" : "always",
    update({ weight, gradient, slots, learningRate }): UpdateResult {
      const step = mul(learningRate, gradient);
      if (momentum === 0) return { weight: sub(weight, step), slots: {} };
      const m = sub(mul(momentum, slots.momentum!), step);
      return { weight: add(weight, nesterov ? sub(mul(momentum, m), step) : m), slots: { momentum: m } };
    },
  });
}
