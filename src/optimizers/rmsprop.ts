/** RMSprop: gradients divided by their root mean square. */
import { add, div, mul, sqrt, square, sub } from "../equations/index.js";
import { checkOptions, flag, type OptionChecks, positive, shareBelowOne } from "../options/index.js";
import { defineOptimizer, type OptimizerOptions, optimizerOptions } from "./define-optimizer.js";
import type { Optimizer } from "./optimizer.js";

/** Options of `rmsprop`. */
export interface RMSpropOptions extends OptimizerOptions {
  /** ρ, how slowly the mean square forgets. Default 0.9. */
  readonly rho?: number;
  /** μ. Default 0. */
  readonly momentum?: number;
  /** ε, inside the square root. Default 1e-7. */
  readonly epsilon?: number;
  /** Divide by the standard deviation instead of the root mean square. Default false. */
  readonly centered?: boolean;
}

const rmspropOptions: OptionChecks<RMSpropOptions> = {
  ...optimizerOptions,
  rho: shareBelowOne,
  momentum: shareBelowOne,
  epsilon: positive,
  centered: flag,
};

/**
 * v ← ρv + (1 − ρ)g² and w ← w − ηg / √(v + ε) (Tieleman & Hinton 2012), in Keras's form: ε inside the root. Centred, the square of the
 * mean gradient a ← ρa + (1 − ρ)g is subtracted from v; with momentum m ← μm + step and w ← w − m.
 *
 * @param options learningRate η, default 0.001
 * @throws ConfigError if an option is out of range
 * @example rmsprop({ learningRate: 0.01 })
 */
export function rmsprop(options: RMSpropOptions = {}): Optimizer {
  const {
    rho = 0.9,
    momentum = 0,
    epsilon = 1e-7,
    centered = false,
  } = checkOptions("rmsprop", options, rmspropOptions);
  const names = ["velocity", ...(momentum > 0 ? ["momentum"] : []), ...(centered ? ["average_gradient"] : [])];
  return defineOptimizer("rmsprop", options, {
    learningRate: 0.001,
    own: { rho, momentum, epsilon, centered },
    slots: names.map((name) => ({ name, initial: 0 })),
    slotOrder: "bySlot",
    zeroGradientIsNoOp: "whileSlotsAreZero",
    update({ weight, gradient, slots, learningRate }) {
      const velocity = add(mul(rho, slots.velocity!), mul(1 - rho, square(gradient)));
      const average = centered ? add(mul(rho, slots.average_gradient!), mul(1 - rho, gradient)) : undefined;
      const variance = average ? sub(velocity, square(average)) : velocity;
      const step = div(mul(learningRate, gradient), sqrt(add(variance, epsilon)));
      const m = momentum > 0 ? add(mul(momentum, slots.momentum!), step) : undefined;
      return {
        weight: sub(weight, m ?? step),
        slots: { velocity, ...(m && { momentum: m }), ...(average && { average_gradient: average }) },
      };
    },
  });
}
