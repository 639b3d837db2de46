/** Metrics computed from the mean of a loss. */
import type { Node } from "../equations/index.js";
import { categoricalCrossentropy, meanSquaredError, sparseCategoricalCrossentropy } from "../losses/index.js";
import { checkOptions, flag, integer, type OptionChecks, orNull } from "../options/index.js";
import type { Metric } from "./metric.js";
import { type MetricOptions, metricOptions } from "./metric-options.js";

/** Options of `perplexity` and `bitsPerCharacter`. */
export interface LikelihoodOptions extends MetricOptions {
  /** Whether the prediction is z before softmax. Default: as in the loss. */
  readonly fromLogits?: boolean;
  /** Targets of this number do not count. */
  readonly ignoreClass?: number;
}

const likelihoodOptions: OptionChecks<LikelihoodOptions> = {
  ...metricOptions,
  fromLogits: flag,
  ignoreClass: orNull(integer),
};

/** The square root of the mean squared error. @example rootMeanSquaredError() */
export function rootMeanSquaredError(options: MetricOptions = {}): Metric {
  const { name = "rootMeanSquaredError" } = checkOptions("rootMeanSquaredError", options, metricOptions);
  return {
    name,
    config: { type: "rootMeanSquaredError" },
    better: "lower",
    perSample: meanSquaredError().perSample,
    ofMean: Math.sqrt,
  };
}

/**
 * e^H where H is the mean crossentropy of a word: the number of equally likely words with the same uncertainty. Targets are word numbers or
 * one-hot.
 *
 * @example perplexity({ ignoreClass: 0 })
 */
export const perplexity = (options: LikelihoodOptions = {}): Metric => likelihood("perplexity", options, Math.exp);

/** H / ln 2 where H is the mean crossentropy of a character: bits to write one down. Targets are character numbers or one-hot. */
export const bitsPerCharacter = (options: LikelihoodOptions = {}): Metric =>
  likelihood("bitsPerCharacter", options, (mean) => mean / Math.LN2);

function likelihood(
  type: string,
  options: LikelihoodOptions,
  ofMean: (mean: number) => number,
  normalize = true,
): Metric {
  const { fromLogits, name = type } = checkOptions(type, options, likelihoodOptions);
  const ignoreClass = options.ignoreClass ?? undefined;
  const sparse = sparseCategoricalCrossentropy({ fromLogits: fromLogits ?? false, normalize, ignoreClass });
  const oneHot = categoricalCrossentropy({ fromLogits: fromLogits ?? false, normalize });
  return {
    name,
    config: {
      type,
      ...(fromLogits !== undefined && { fromLogits }),
      ...(ignoreClass !== undefined && { ignoreClass }),
    },
    better: "lower",
    ignores: ignoreClass,
    perSample: (yTrue: Node, yPred: Node) => (yTrue.dtype === "int" ? sparse : oneHot).perSample(yTrue, yPred),
    ofMean,
    beside({ config }) {
      const options = { fromLogits: fromLogits ?? config.fromLogits === true, ignoreClass, name };
      return likelihood(type, options, ofMean, config.normalize !== false);
    },
  };
}
