/** Choosing the next token from what a model says about it: the likeliest, or one drawn by chance. */

import { checkOptions, count, expecting, integer, type OptionChecks } from "../options/index.js";
import type { Random } from "../tensor/random.js";

/** How tokens are drawn. */
export interface SampleOptions {
  /** Below 1 likely tokens become likelier, above 1 less likely; default 1. */
  readonly temperature?: number;
  /** Draws from this many likeliest tokens only; default: all. */
  readonly topK?: number;
  /** Draws from the fewest likeliest tokens that together have this probability; default 1 (Holtzman et al. 2020). */
  readonly topP?: number;
  /** Seeds the draws; each example has a stream of its own. */
  readonly seed?: number;
}

const sampleOptions: OptionChecks<SampleOptions> = {
  temperature: expecting("above 0", (value) => Number.isFinite(value) && (value as number) > 0),
  topK: count,
  topP: expecting("a number above 0 and not above 1", (value) => typeof value === "number" && value > 0 && value <= 1),
  seed: integer,
};

/** @throws ConfigError naming the option and what it may be */
export function checkSampleOptions(options: SampleOptions | undefined): void {
  checkOptions("sample", options, sampleOptions);
}

/** Number of the greatest; the first of equal ones. */
export function likeliest(logProbabilities: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logProbabilities.length; i++) {
    if (logProbabilities[i]! > logProbabilities[best]!) best = i;
  }
  return best;
}

/** Numbers of the greatest, the greatest first; of equal ones, the first first. */
export function likeliestFew(logProbabilities: ArrayLike<number>, count: number): number[] {
  const order = Array.from({ length: logProbabilities.length }, (_, i) => i);
  return order.sort((a, b) => logProbabilities[b]! - logProbabilities[a]!).slice(0, count);
}

/** Draws a token: p(i) ∝ exp(log p(i) / temperature) among the tokens that topK and topP leave. */
export function drawToken(
  logProbabilities: ArrayLike<number>,
  { temperature = 1, topK = logProbabilities.length, topP = 1 }: SampleOptions,
  random: Random,
): number {
  const tokens = likeliestFew(logProbabilities, topK);
  const greatest = logProbabilities[tokens[0]!]!;
  const weights = tokens.map((token) => Math.exp((logProbabilities[token]! - greatest) / temperature));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  while (kept < weights.length && mass < topP * all) mass += weights[kept++]!;
  let left = random.uniform() * mass;
  for (let i = 0; i < kept; i++) {
    left -= weights[i]!;
    if (left < 0) return tokens[i]!;
  }
  return tokens[kept - 1]!;
}
