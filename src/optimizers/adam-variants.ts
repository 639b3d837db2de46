/** Adamax and Nadam: Adam with the infinity norm, and Adam with Nesterov momentum. */
import {
  abs,
  add,
  constant,
  div,
  exp,
  maximum,
  mul,
  type Node,
  type Operand,
  sqrt,
  square,
  sub,
  sum,
} from "../equations/index.js";
import { checkOptions, type OptionChecks, positive, shareBelowOne } from "../options/index.js";
import { defineOptimizer, type OptimizerOptions, optimizerOptions } from "./define-optimizer.js";
import { oneMinusPower } from "./one-minus-power.js";
import type { Optimizer } from "./optimizer.js";

/** Options of `adamax` and `nadam`. */
export interface AdamVariantOptions extends OptimizerOptions {
  /** β₁, how slowly the mean forgets. Default 0.9. */
  readonly beta1?: number;
  /** β₂, how slowly the size of gradients is forgotten. Default 0.999. */
  readonly beta2?: number;
  /** ε. Default 1e-7. */
  readonly epsilon?: number;
}

const adamVariantOptions: OptionChecks<AdamVariantOptions> = {
  ...optimizerOptions,
  beta1: shareBelowOne,
  beta2: shareBelowOne,
  epsilon: positive,
};

/**
 * m ← m + (1 − β₁)(g − m), u ← max(β₂u, |g|) and w ← w − ηm / ((1 − β₁ᵗ)(u + ε)) (Kingma & Ba 2015, section 7).
 *
 * @param options learningRate η, default 0.001
 * @throws ConfigError if an option is out of range
 * @example adamax({ learningRate: 0.002 })
 */
export function adamax(options: AdamVariantOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = checkOptions("adamax", options, adamVariantOptions);
  return defineOptimizer("adamax", options, {
    learningRate: 0.001,
    own: { beta1, beta2, epsilon },
    slots: ["momentum", "norm"].map((name) => ({ name, initial: 0 })),
    slotOrder: "byWeight",
    zeroGradientIsNoOp: "whileSlotsAreZero",
    update({ weight, gradient, slots, learningRate, iteration }) {
      const momentum = add(slots.momentum!, mul(sub(gradient, slots.momentum!), 1 - beta1));
      const norm = maximum(mul(beta2, slots.norm!), abs(gradient));
      const rate = div(learningRate, oneMinusPower(beta1, iteration));
      return {
        weight: sub(weight, div(mul(rate, momentum), add(norm, epsilon))),
        slots: { momentum, norm },
      };
    },
  });
}

/**
 * Adam with Nesterov momentum (Dozat 2016): m and v as in `adam`, and with the momentum's schedule uₜ = β₁(1 − ½·0.96ᵗ) and the
 * product Pₜ = u₁ … uₜ,
 *
 * m̂ = uₜ₊₁m / (1 − Pₜ₊₁) + (1 − uₜ)g / (1 − Pₜ), v̂ = v / (1 − β₂ᵗ), w ← w − ηm̂ / (√v̂ + ε).
 *
 * @param options learningRate η, default 0.001
 * @throws ConfigError if an option is out of range
 * @example nadam({ learningRate: 0.002 })
 */
export function nadam(options: AdamVariantOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = checkOptions("nadam", options, adamVariantOptions);
  return defineOptimizer("nadam", options, {
    learningRate: 0.001,
    own: { beta1, beta2, epsilon },
    slots: ["momentum", "velocity"].map((name) => ({ name, initial: 0 })),
    slotOrder: "byWeight",
    zeroGradientIsNoOp: "whileSlotsAreZero",
    update({ weight, gradient, slots, learningRate, iteration }) {
      const momentum = add(slots.momentum!, mul(sub(gradient, slots.momentum!), 1 - beta1));
      const velocity = add(slots.velocity!, mul(sub(square(gradient), slots.velocity!), 1 - beta2));
      const next = add(iteration, 1);
      const ahead = mul(momentum, div(momentumAt(beta1, next), sub(1, momentumProduct(beta1, next))));
      const now = mul(gradient, div(sub(1, momentumAt(beta1, iteration)), sub(1, momentumProduct(beta1, iteration))));
      const size = sqrt(div(velocity, oneMinusPower(beta2, iteration)));
      return {
        weight: sub(weight, div(mul(learningRate, add(ahead, now)), add(size, epsilon))),
        slots: { momentum, velocity },
      };
    },
  });
}

const MOMENTUM_DECAY = 0.96;

/** uₜ = β₁(1 − ½·0.96ᵗ) */
function momentumAt(beta1: number, t: Node): Node {
  return mul(beta1, sub(1, mul(0.5, exp(mul(t, Math.log(MOMENTUM_DECAY))))));
}

/**
 * Pₜ = u₁ … uₜ as a function of t alone, so that it needs no slot. With q = 0.96 and −ln(1 − x) = Σ xᵏ/k, ln Pₜ = t·ln β₁ − Σₖ cₖ(1 − qᵏᵗ) where
 * cₖ = ½ᵏqᵏ / (k(1 − qᵏ)); fifty terms are exact in float64.
 */
function momentumProduct(beta1: number, t: Node): Operand {
  if (beta1 === 0) return 0;
  const orders = Array.from({ length: 50 }, (_, i) => i + 1);
  const shares = orders.map((k) => (0.5 * MOMENTUM_DECAY) ** k / (k * (1 - MOMENTUM_DECAY ** k)));
  const powers = exp(mul(t, constant(orders.map((k) => k * Math.log(MOMENTUM_DECAY)))));
  const halving = sum(mul(constant(shares), sub(1, powers)));
  return exp(sub(mul(t, Math.log(beta1)), halving));
}
