/**
 * Variance scaling: initializers with a variance that depends on the weight's shape, so that signals neither grow nor vanish from layer
 * to layer: with
 * s = scale / max(1, fan), uniform in ±√(3s) or truncated normal with variance s.
 */

import { checkOptions, type OptionChecks, oneOf, positive } from "../options/index.js";
import { drawn, type SeedOption, seedOption, truncated } from "./drawn.js";
import { fans } from "./fans.js";
import type { Initializer } from "./initializer.js";

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions extends SeedOption {
  /** Default 1. */
  readonly scale?: number;
  /** The fan that divides the variance. Default "fanIn". */
  readonly mode?: "fanIn" | "fanOut" | "fanAvg";
  /** Default "truncatedNormal". */
  readonly distribution?: "uniform" | "truncatedNormal" | "untruncatedNormal";
}

/** Standard deviation of a standard normal cut off at ±2: dividing by it restores the variance. */
const TRUNCATED_STDDEV = 0.87962566103423978;

const varianceScalingOptions: OptionChecks<VarianceScalingOptions> = {
  ...seedOption,
  scale: positive,
  mode: oneOf("fanIn", "fanOut", "fanAvg"),
  distribution: oneOf("uniform", "truncatedNormal", "untruncatedNormal"),
};

/**
 * The general form, of which the others are named cases.
 *
 * @throws ConfigError if `scale` is not positive
 * @example varianceScaling({ scale: 2, mode: "fanOut" })
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  checkOptions("VarianceScaling", options, varianceScalingOptions);
  return scaled("VarianceScaling", options, true);
}

/** Uniform in ±√(6 / (fanIn + fanOut)) (Glorot & Bengio 2010): Keras's default for kernels. */
export const glorotUniform = (options: SeedOption = {}): Initializer =>
  named("GlorotUniform", options, { mode: "fanAvg", distribution: "uniform" });

/** Truncated normal with variance 2 / (fanIn + fanOut) (Glorot & Bengio 2010). */
export const glorotNormal = (options: SeedOption = {}): Initializer =>
  named("GlorotNormal", options, { mode: "fanAvg" });

/** Uniform in ±√(6 / fanIn) (He et al. 2015). */
export const heUniform = (options: SeedOption = {}): Initializer =>
  named("HeUniform", options, { scale: 2, distribution: "uniform" });

/** Truncated normal with variance 2 / fanIn (He et al. 2015). */
export const heNormal = (options: SeedOption = {}): Initializer => named("HeNormal", options, { scale: 2 });

/** Uniform in ±√(3 / fanIn) (LeCun et al. 1998). */
export const lecunUniform = (options: SeedOption = {}): Initializer =>
  named("LecunUniform", options, { distribution: "uniform" });

/** Truncated normal with variance 1 / fanIn (LeCun et al. 1998). */
export const lecunNormal = (options: SeedOption = {}): Initializer => named("LecunNormal", options, {});

function named(type: string, options: SeedOption, form: VarianceScalingOptions): Initializer {
  return scaled(type, { ...form, ...checkOptions(type, options, seedOption) });
}

function scaled(
  type: string,
  { scale = 1, mode = "fanIn", distribution = "truncatedNormal", seed }: VarianceScalingOptions,
  general = false,
): Initializer {
  return drawn(type, { ...(general ? { scale, mode, distribution } : {}), seed }, (random, shape) => {
    const { fanIn, fanOut } = fans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    if (distribution === "uniform") return () => Math.sqrt(3 * variance) * (2 * random.uniform() - 1);
    if (distribution === "untruncatedNormal") return () => Math.sqrt(variance) * random.normal();
    return () => (Math.sqrt(variance) / TRUNCATED_STDDEV) * truncated(random);
  });
}
