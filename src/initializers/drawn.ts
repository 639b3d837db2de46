/** Random initializers with independent numbers. */

import { checkOptions, finite, integer, notNegative, type OptionChecks } from "../options/index.js";
import { Random } from "../tensor/random.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { Initializer } from "./initializer.js";

/** Options every random initializer takes. */
export interface SeedOption {
  /** A separate seed: the same values at every call, independent of the model's seed. */
  readonly seed?: number;
}

/** An initializer that takes every number from `draw`. */
export function drawn(
  type: string,
  { seed, ...options }: SeedOption & Readonly<Record<string, unknown>>,
  draw: (random: Random, shape: Shape) => () => number,
): Initializer {
  const fill = (into: Float32Array | Float64Array, shape: Shape, random: Random) => {
    const next = draw(seed === undefined ? random : new Random(seed), shape);
    for (let i = 0; i < into.length; i++) into[i] = next();
  };
  return {
    config: { type, ...options, ...(seed === undefined ? {} : { seed }) },
    values(shape, random) {
      const values = new Float64Array(sizeOf(shape));
      fill(values, shape, random);
      return values;
    },
    fill,
  };
}

/** Checks of `SeedOption`. */
export const seedOption: OptionChecks<SeedOption> = { seed: integer };

/** Options of `randomUniform`. */
export interface UniformOptions extends SeedOption {
  /** Default −0.05. */
  readonly minval?: number;
  /** Default 0.05. */
  readonly maxval?: number;
}

/** Uniform in [minval, maxval), by default ±0.05. */
export function randomUniform(options: UniformOptions = {}): Initializer {
  const checks = { ...seedOption, minval: finite, maxval: finite };
  const { minval = -0.05, maxval = 0.05, seed } = checkOptions("RandomUniform", options, checks);
  return drawn(
    "RandomUniform",
    { minval, maxval, seed },
    (random) => () => minval + (maxval - minval) * random.uniform(),
  );
}

/** Options of the normal distributions. */
export interface NormalOptions extends SeedOption {
  /** Default 0. */
  readonly mean?: number;
  /** Default 0.05. */
  readonly stddev?: number;
}

const normalOptions: OptionChecks<NormalOptions> = { ...seedOption, mean: finite, stddev: notNegative };

/** Normal with the given mean and standard deviation, by default 0 and 0.05. */
export function randomNormal(options: NormalOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05, seed } = checkOptions("RandomNormal", options, normalOptions);
  return drawn("RandomNormal", { mean, stddev, seed }, (random) => () => mean + stddev * random.normal());
}

/** Normal, but drawn again while further than two standard deviations from the mean. */
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05, seed } = checkOptions("TruncatedNormal", options, normalOptions);
  return drawn("TruncatedNormal", { mean, stddev, seed }, (random) => () => mean + stddev * truncated(random));
}

/** A standard normal number within ±2. */
export function truncated(random: Random): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) <= 2) return value;
  }
}
