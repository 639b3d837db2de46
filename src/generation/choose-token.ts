/** Choice of the next token: the most probable one, or a random one drawn by probability. */

import { checkOptions, count, expecting, integer, type OptionChecks } from "../options/index.js";
import type { Random } from "../tensor/random.js";

/** Options of drawing tokens. */
export interface SampleOptions {
  /** Below 1 probable tokens become more probable, above 1 less; default 1. */
  readonly temperature?: number;
  /** Number of the most probable tokens to draw from; default: all. */
  readonly topK?: number;
  /** Draws from the smallest set of most probable tokens that together have this probability; default 1 (Holtzman et al. 2020). */
  readonly topP?: number;
  /** Seeds the draws; each example has a separate random stream. */
  readonly seed?: number;
}

const sampleOptions: OptionChecks<SampleOptions> = {
  temperature: expecting("above 0", (value) => Number.isFinite(value) && (value as number) > 0),
  topK: count,
  topP: expecting("a number above 0 and not above 1", (value) => typeof value === "number" && value > 0 && value <= 1),
  seed: integer,
};

/** @throws ConfigError for an option that is not valid */
export function checkSampleOptions(options: SampleOptions | undefined): void {
  checkOptions("sample", options, sampleOptions);
}

/** Index of the highest value; the first of equal ones. */
export function mostProbableToken(logProbabilities: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logProbabilities.length; i++) {
    if (logProbabilities[i]! > logProbabilities[best]!) best = i;
  }
  return best;
}

/** Indices of the highest values, the highest first; equal ones in their order. */
export function mostProbableTokens(logProbabilities: ArrayLike<number>, count: number): number[] {
  const order = Array.from({ length: logProbabilities.length }, (_, i) => i);
  return order.sort((a, b) => logProbabilities[b]! - logProbabilities[a]!).slice(0, count);
}

/** Draws a token: p(i) ∝ exp(log p(i) / temperature) among the tokens that topK and topP keep. */
export function drawToken(
  logProbabilities: ArrayLike<number>,
  { temperature = 1, topK = logProbabilities.length, topP = 1 }: SampleOptions,
  random: Random,
): number {
  const tokens = mostProbableTokens(logProbabilities, topK);
  const highest = logProbabilities[tokens[0]!]!;
  const weights = tokens.map((token) => Math.exp((logProbabilities[token]! - highest) / temperature));
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
