/** Decay schedules of a learning rate: exponential, as 1/s, polynomial, or piecewise constant. */
import { ConfigError } from "../errors.js";
import { checkOptions, flag, listOf, notNegative, type OptionChecks, positive } from "../options/index.js";
import type { Schedule } from "./schedule.js";

/** Options of `exponentialDecay` and `inverseTimeDecay`. */
export interface RateDecayOptions {
  /** η₀. */
  readonly initialLearningRate: number;
  /** Steps after which the decay rate has been applied once. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Whether the rate stays the same for `decaySteps` steps at a time. Default false. */
  readonly staircase?: boolean;
}

const rateDecayOptions: OptionChecks<RateDecayOptions> = {
  initialLearningRate: notNegative,
  decaySteps: positive,
  decayRate: positive,
  staircase: flag,
};

/**
 * η(s) = η₀ · decayRate^(s / decaySteps).
 *
 * @throws ConfigError if a number is out of range
 * @example adam({ learningRate: exponentialDecay({ initialLearningRate: 0.01, decaySteps: 1000, decayRate: 0.9 }) })
 */
export function exponentialDecay(options: RateDecayOptions): Schedule {
  return rateDecay("exponentialDecay", options, (decayRate, periods) => decayRate ** periods);
}

/**
 * η(s) = η₀ / (1 + decayRate · s / decaySteps).
 *
 * @throws ConfigError if a number is out of range
 * @example sgd({ learningRate: inverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.5 }) })
 */
export function inverseTimeDecay(options: RateDecayOptions): Schedule {
  return rateDecay("inverseTimeDecay", options, (decayRate, periods) => 1 / (1 + decayRate * periods));
}

function rateDecay(
  type: string,
  options: RateDecayOptions,
  factor: (decayRate: number, periods: number) => number,
): Schedule {
  checkOptions(type, options, rateDecayOptions, ["initialLearningRate", "decaySteps", "decayRate"]);
  const { initialLearningRate, decaySteps, decayRate, staircase = false } = options;
  return {
    config: { type, initialLearningRate, decaySteps, decayRate, staircase },
    at(step) {
      const periods = step / decaySteps;
      return initialLearningRate * factor(decayRate, staircase ? Math.floor(periods) : periods);
    },
  };
}

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions {
  /** η₀. */
  readonly initialLearningRate: number;
  /** Steps until the rate is `endLearningRate`. */
  readonly decaySteps: number;
  /** Default 1e-4. */
  readonly endLearningRate?: number;
  /** Default 1: a straight line. */
  readonly power?: number;
  /** Whether the rate rises and falls again, each time in more steps, instead of staying at its end. Default false. */
  readonly cycle?: boolean;
}

const polynomialDecayOptions: OptionChecks<PolynomialDecayOptions> = {
  initialLearningRate: notNegative,
  decaySteps: positive,
  endLearningRate: notNegative,
  power: positive,
  cycle: flag,
};

/**
 * η(s) = (η₀ − end)·(1 − s / decaySteps)^power + end, and η(s) = end afterwards; with `cycle` decaySteps becomes its next multiple.
 *
 * @throws ConfigError if a number is out of range
 * @example sgd({ learningRate: polynomialDecay({ initialLearningRate: 0.1, decaySteps: 5000, endLearningRate: 0.01 }) })
 */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  const type = "polynomialDecay";
  checkOptions(type, options, polynomialDecayOptions, ["initialLearningRate", "decaySteps"]);
  const { initialLearningRate, decaySteps, endLearningRate = 1e-4, power = 1, cycle = false } = options;
  return {
    config: { type, initialLearningRate, decaySteps, endLearningRate, power, cycle },
    at(step) {
      const steps = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
      const left = 1 - Math.min(step, steps) / steps;
      return (initialLearningRate - endLearningRate) * left ** power + endLearningRate;
    },
  };
}

/** Options of `piecewiseConstantDecay`. */
export interface PiecewiseConstantDecayOptions {
  /** The last step of each rate except the last rate, ascending. */
  readonly boundaries: readonly number[];
  /** The rates: one more than the boundaries. */
  readonly values: readonly number[];
}

const piecewiseConstantDecayOptions: OptionChecks<PiecewiseConstantDecayOptions> = {
  boundaries: listOf("numbers of at least 0", notNegative, 0),
  values: listOf("numbers of at least 0", notNegative),
};

/**
 * η(s) = values[i] for the first boundary i with s ≤ boundaries[i], and the last value after the last boundary.
 *
 * @throws ConfigError if the numbers of boundaries and values do not fit, boundaries do not ascend, or a rate is negative
 * @example sgd({ learningRate: piecewiseConstantDecay({ boundaries: [1000, 2000], values: [0.1, 0.05, 0.01] }) })
 */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const type = "piecewiseConstantDecay";
  checkOptions(type, options, piecewiseConstantDecayOptions, ["boundaries", "values"]);
  const { boundaries, values } = options;
  if (values.length !== boundaries.length + 1) {
    throw new ConfigError(
      `${type}: give one value more than boundaries; received ${boundaries.length} boundaries and ${values.length} values.`,
    );
  }
  if (boundaries.some((boundary, i) => !(boundary > (boundaries[i - 1] ?? -1)))) {
    throw new ConfigError(`${type}: boundaries must ascend from 0, received ${boundaries.join(", ")}.`);
  }
  return {
    config: { type, boundaries: [...boundaries], values: [...values] },
    at(step) {
      const piece = boundaries.findIndex((boundary) => step <= boundary);
      return values.at(piece)!;
    },
  };
}
