/** Adam, and AdamW, which adds decoupled weight decay. */
import { add, div, maximum, mul, sqrt, square, sub } from "../equations/index.js";
import { checkOptions, flag, type OptionChecks, positive, shareBelowOne } from "../options/index.js";
import { defineOptimizer, type OptimizerOptions, optimizerOptions } from "./define-optimizer.js";
import { oneMinusPower } from "./one-minus-power.js";
import type { Optimizer } from "./optimizer.js";

/** Options of `adam` and `adamw`. */
export interface AdamOptions extends OptimizerOptions {
  /** β₁, how slowly the mean forgets. Default 0.9. */
  readonly beta1?: number;
  /** β₂, how slowly the mean square forgets. Default 0.999. */
  readonly beta2?: number;
  /** ε, outside the root and not corrected for bias. Default 1e-7. */
  readonly epsilon?: number;
  /** Divide by the greatest mean square so far (Reddi et al. 2018). Default false. */
  readonly amsgrad?: boolean;
}

const adamOptions: OptionChecks<AdamOptions> = {
  ...optimizerOptions,
  beta1: shareBelowOne,
  beta2: shareBelowOne,
  epsilon: positive,
  amsgrad: flag,
};

/**
 * m ← m + (1 − β₁)(g − m), v ← v + (1 − β₂)(g² − v), w ← w − α·m / (√v + ε) with α = η·√(1 − β₂ᵗ) / (1 − β₁ᵗ) (Kingma & Ba 2015, in the
 * form of their section 2, as Keras has it).
 *
 * @param options learningRate η, default 0.001
 * @throws ConfigError if an option is out of range
 * @example adam({ learningRate: 3e-4 })
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return defineAdam("adam", options);
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019): w ← w − η·weightDecay·w, then `adam`.
 *
 * @param options learningRate η, default 0.001; weightDecay, default 0.004
 * @throws ConfigError if an option is out of range
 * @example adamw({ learningRate: 3e-4, weightDecay: 0.01 })
 */
export function adamw(options: AdamOptions = {}): Optimizer {
  return defineAdam("adamw", options, 0.004);
}

function defineAdam(name: string, given: AdamOptions, decay?: number): Optimizer {
  const options = { ...checkOptions(name, given, adamOptions), weightDecay: given.weightDecay ?? decay };
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = options;
  const names = ["momentum", "velocity", ...(amsgrad ? ["velocity_hat"] : [])];
  return defineOptimizer(name, options, {
    learningRate: 0.001,
    own: { beta1, beta2, epsilon, amsgrad },
    slots: names.map((name) => ({ name, initial: 0 })),
    slotOrder: "byWeight",
    zeroGradientIsNoOp: "whileSlotsAreZero",
    update({ weight, gradient, slots, learningRate, iteration }) {
      const momentum = add(slots.momentum!, mul(sub(gradient, slots.momentum!), 1 - beta1));
      const velocity = add(slots.velocity!, mul(sub(square(gradient), slots.velocity!), 1 - beta2));
      const greatest = amsgrad ? maximum(slots.velocity_hat!, velocity) : undefined;
      const rate = mul(learningRate, div(sqrt(oneMinusPower(beta2, iteration)), oneMinusPower(beta1, iteration)));
      return {
        weight: sub(weight, div(mul(rate, momentum), add(sqrt(greatest ?? velocity), epsilon))),
        slots: { momentum, velocity, ...(greatest && { velocity_hat: greatest }) },
      };
    },
  });
}
