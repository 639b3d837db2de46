/** Adagrad and Adadelta: a learning rate for each weight, from its past gradients. */
import { add, div, mul, negate, sqrt, square, sub } from "../equations/index.js";
import { checkOptions, notNegative, type OptionChecks, positive, shareBelowOne } from "../options/index.js";
import { defineOptimizer, type OptimizerOptions, optimizerOptions } from "./define-optimizer.js";
import type { Optimizer } from "./optimizer.js";

/** Options of `adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** Initial value of the sum of squares. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** ε, inside the square root. Default 1e-7. */
  readonly epsilon?: number;
}

const adagradOptions: OptionChecks<AdagradOptions> = {
  ...optimizerOptions,
  initialAccumulatorValue: notNegative,
  epsilon: positive,
};

/**
 * a ← a + g² and w ← w − ηg / √(a + ε) (Duchi, Hazan & Singer 2011), in Keras's form.
 *
 * @param options learningRate η, default 0.001
 * @throws ConfigError if an option is out of range
 * @example adagrad({ learningRate: 0.1 })
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  const { initialAccumulatorValue = 0.1, epsilon = 1e-7 } = checkOptions("adagrad", options, adagradOptions);
  return defineOptimizer("adagrad", options, {
    learningRate: 0.001,
    own: { initialAccumulatorValue, epsilon },
    slots: [{ name: "accumulator", initial: initialAccumulatorValue }],
    slotOrder: "byWeight",
    zeroGradientIsNoOp: "always",
    update({ weight, gradient, slots, learningRate }) {
      const accumulator = add(slots.accumulator!, square(gradient));
      const step = div(mul(learningRate, gradient), sqrt(add(accumulator, epsilon)));
      return { weight: sub(weight, step), slots: { accumulator } };
    },
  });
}

/** Options of `adadelta`. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** ρ, how slowly both averages forget. Default 0.95. */
  readonly rho?: number;
  /** ε, inside both square roots. Default 1e-7. */
  readonly epsilon?: number;
}

const adadeltaOptions: OptionChecks<AdadeltaOptions> = { ...optimizerOptions, rho: shareBelowOne, epsilon: positive };

/**
 * a ← ρa + (1 − ρ)g², Δ = −g·√(d + ε) / √(a + ε), d ← ρd + (1 − ρ)Δ² and w ← w + ηΔ (Zeiler 2012): steps have the unit of the weight.
 *
 * @param options learningRate η, default 0.001; the paper has 1
 * @throws ConfigError if an option is out of range
 * @example adadelta({ learningRate: 1 })
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  const { rho = 0.95, epsilon = 1e-7 } = checkOptions("adadelta", options, adadeltaOptions);
  return defineOptimizer("adadelta", options, {
    learningRate: 0.001,
    own: { rho, epsilon },
    slots: ["accumulated_grad", "accumulated_delta_var"].map((name) => ({ name, initial: 0 })),
    slotOrder: "byWeight",
    zeroGradientIsNoOp: "whileSlotsAreZero",
    update({ weight, gradient, slots, learningRate }) {
      const gradients = add(mul(rho, slots.accumulated_grad!), mul(1 - rho, square(gradient)));
      const scale = div(sqrt(add(slots.accumulated_delta_var!, epsilon)), sqrt(add(gradients, epsilon)));
      const delta = negate(mul(scale, gradient));
      const deltas = add(mul(rho, slots.accumulated_delta_var!), mul(1 - rho, square(delta)));
      return {
        weight: add(weight, mul(learningRate, delta)),
        slots: { accumulated_grad: gradients, accumulated_delta_var: deltas },
      };
    },
  });
}
