/** Lion: the sign of a momentum. */
import { add, mul, sign, sub } from "../equations/index.js";
import { checkOptions, type OptionChecks, shareBelowOne } from "../options/index.js";
import { defineOptimizer, type OptimizerOptions, optimizerOptions } from "./define-optimizer.js";
import type { Optimizer } from "./optimizer.js";

/** Options of `lion`. */
export interface LionOptions extends OptimizerOptions {
  /** β₁, the weight of the mean in the direction of a step. Default 0.9. */
  readonly beta1?: number;
  /** β₂, how slowly the mean forgets. Default 0.99. */
  readonly beta2?: number;
}

const lionOptions: OptionChecks<LionOptions> = { ...optimizerOptions, beta1: shareBelowOne, beta2: shareBelowOne };

/**
 * w ← w − η·sign(β₁m + (1 − β₁)g), then m ← β₂m + (1 − β₂)g (Chen et al. 2023): every number moves by η, so η is smaller than Adam's.
 *
 * @param options learningRate η, default 0.001
 * @throws ConfigError if an option is out of range
 * @example lion({ learningRate: 1e-4, weightDecay: 0.1 })
 */
export function lion(options: LionOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.99 } = checkOptions("lion", options, lionOptions);
  return defineOptimizer("lion", options, {
    learningRate: 0.001,
    own: { beta1, beta2 },
    slots: [{ name: "momentum", initial: 0 }],
    slotOrder: "byWeight",
    zeroGradientIsNoOp: "whileSlotsAreZero",
    update({ weight, gradient, slots, learningRate }) {
      const m = slots.momentum!;
      const direction = sign(add(mul(beta1, m), mul(1 - beta1, gradient)));
      return {
        weight: sub(weight, mul(learningRate, direction)),
        slots: { momentum: add(mul(beta2, m), mul(1 - beta2, gradient)) },
      };
    },
  });
}
