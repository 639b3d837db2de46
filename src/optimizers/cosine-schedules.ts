/** Schedules along a cosine (Loshchilov & Hutter 2017): once, with an optional warm-up, or with restarts. */

import { checkOptions, notNegative, type OptionChecks, orNull, positive } from "../options/index.js";
import type { Schedule } from "./schedule.js";

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  /** η₀; with a warm-up, the rate at its start, which may be 0. */
  readonly initialLearningRate: number;
  /** Steps along the cosine. */
  readonly decaySteps: number;
  /** α, the fraction of the rate at the end. Default 0. */
  readonly alpha?: number;
  /** Rate at the end of the warm-up, from which the cosine falls. Default: no warm-up. */
  readonly warmupTarget?: number;
  /** Steps from η₀ to `warmupTarget`, in a straight line; they come before `decaySteps`. Default 0. */
  readonly warmupSteps?: number;
}

const cosineDecayOptions: OptionChecks<CosineDecayOptions> = {
  initialLearningRate: notNegative,
  decaySteps: positive,
  alpha: notNegative,
  warmupTarget: orNull(notNegative),
  warmupSteps: notNegative,
};

/**
 * η(s) = η₀·((1 − α)·½(1 + cos(π·s / decaySteps)) + α), and η₀·α afterwards.
 *
 * @throws ConfigError if a number is out of range
 * @example adam({ learningRate: cosineDecay({ initialLearningRate: 0, warmupTarget: 1e-3, warmupSteps: 500, decaySteps: 9500 }) })
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const type = "cosineDecay";
  checkOptions(type, options, cosineDecayOptions, ["initialLearningRate", "decaySteps"]);
  const { initialLearningRate, decaySteps, alpha = 0, warmupSteps = 0 } = options;
  const warmupTarget = options.warmupTarget ?? undefined;
  const warming = warmupTarget === undefined ? 0 : warmupSteps;
  const top = warmupTarget ?? initialLearningRate;
  return {
    config: {
      type,
      initialLearningRate,
      decaySteps,
      alpha,
      ...(warmupTarget !== undefined && { warmupTarget, warmupSteps }),
    },
    at(step) {
      if (step < warming) return initialLearningRate + (top - initialLearningRate) * (step / warming);
      return top * alongCosine(Math.min(step - warming, decaySteps) / decaySteps, alpha);
    },
  };
}

/** Options of `cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions {
  /** η₀. */
  readonly initialLearningRate: number;
  /** Steps of the first period. */
  readonly firstDecaySteps: number;
  /** Factor from the length of one period to that of the next. Default 2. */
  readonly tMul?: number;
  /** Factor from the initial rate of one period to that of the next. Default 1. */
  readonly mMul?: number;
  /** α, the fraction of η₀ at the end of a period. Default 0. */
  readonly alpha?: number;
}

const cosineDecayRestartsOptions: OptionChecks<CosineDecayRestartsOptions> = {
  initialLearningRate: notNegative,
  firstDecaySteps: positive,
  tMul: positive,
  mMul: positive,
  alpha: notNegative,
};

/**
 * η(s) = η₀·((1 − α)·½·mMulⁱ·(1 + cos(π·p)) + α) where p is the fraction of period i that has passed.
 *
 * @throws ConfigError if a number is out of range
 * @example sgd({ learningRate: cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 1000 }) })
 */
export function cosineDecayRestarts(options: CosineDecayRestartsOptions): Schedule {
  const type = "cosineDecayRestarts";
  checkOptions(type, options, cosineDecayRestartsOptions, ["initialLearningRate", "firstDecaySteps"]);
  const { initialLearningRate, firstDecaySteps, tMul = 2, mMul = 1, alpha = 0 } = options;
  return {
    config: { type, initialLearningRate, firstDecaySteps, tMul, mMul, alpha },
    at(step) {
      const { period, passed } = periodAt(step / firstDecaySteps, tMul);
      return initialLearningRate * alongCosine(passed, alpha, mMul ** period);
    },
  };
}

/** From 1 (times the scale) at the beginning to α at the end. */
function alongCosine(passed: number, alpha: number, scale = 1): number {
  return (1 - alpha) * 0.5 * scale * (1 + Math.cos(Math.PI * passed)) + alpha;
}

/** The period of a time, and the fraction of it that has passed; the unit of time is the first period. */
function periodAt(time: number, tMul: number): { period: number; passed: number } {
  if (tMul === 1) return { period: Math.floor(time), passed: time - Math.floor(time) };
  const period = Math.floor(Math.log(1 - time * (1 - tMul)) / Math.log(tMul));
  const before = (1 - tMul ** period) / (1 - tMul);
  return { period, passed: (time - before) / tMul ** period };
}
