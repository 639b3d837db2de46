/** A metric of one's own, from its equation. */
import { checkNode, type Node } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import {
  anObject,
  checkOption,
  checkOptions,
  expecting,
  likeDefaults,
  nameText,
  type OptionChecks,
} from "../options/index.js";
import { isRecord } from "../tensor/tensor-like.js";
import type { Better, Metric } from "./metric.js";
import { type MetricOptions, metricOptions } from "./metric-options.js";
import { metrics } from "./resolve-metric.js";

/** What `defineMetric` takes. */
export interface MetricDefinition<Options extends object> {
  /** Its name in logs and files; not that of a built-in metric. */
  readonly name: string;
  /** Options with their defaults: what JSON can hold. */
  readonly options: Options;
  /** Whether a lower or a higher number is better. */
  readonly better: Better;
  /**
   * The value of every sample (and step), without the last axis of the prediction.
   *
   * @param yTrue targets as the loss takes them: of the prediction's shape, or class numbers [...]
   * @param yPred prediction, [..., outputs]
   * @returns [...]
   */
  readonly perSample: (yTrue: Node, yPred: Node, options: Options) => Node;
  /** What logs say of the mean, such as its root; default: the mean itself. */
  readonly ofMean?: (mean: number) => number;
}

/**
 * A metric from its equation: the mean of `perSample` over all samples (and valid steps) of all batches. What comes back makes the metric,
 * with other options if wanted, and with a `name` for logs; a file holds its name and options, so give it again when the model is loaded:
 * `loadModel(path, { metrics: { worst } })`.
 *
 * @throws ConfigError when the name is a built-in metric's, or when an option is given that the metric does not have
 * @example
 * const worst = defineMetric({
 *   name: "worst",
 *   options: {},
 *   better: "lower",
 *   perSample: (yTrue, yPred) => max(abs(sub(yTrue, yPred)), [-1]),
 * });
 * model.compile({ loss: "mse", metrics: [worst()] });
 */
export function defineMetric<Options extends object>(
  definition: MetricDefinition<Options>,
): (options?: Partial<Options> & MetricOptions) => Metric {
  checkOption("defineMetric", "definition", definition, anObject);
  checkOption("defineMetric", "name", definition.name, nameText);
  checkOption(
    "defineMetric",
    "options",
    definition.options,
    expecting("an object of options and their defaults, {} for none", isRecord),
  );
  const { name: type, options: defaults, better, perSample, ofMean } = definition;
  if (Object.hasOwn(metrics, type) || type === "accuracy" || type === "acc") {
    throw new ConfigError(`defineMetric: "${type}" is the name of a built-in metric; give yours a name of its own.`);
  }
  if (better !== "lower" && better !== "higher") {
    throw new ConfigError(
      `defineMetric: say whether a lower or a higher "${type}" is better: better: "lower" or "higher"; received ${better}.`,
    );
  }
  const checks = { ...likeDefaults(defaults), ...metricOptions } as OptionChecks<Partial<Options> & MetricOptions>;
  return (given = {}) => {
    const { name = type, ...own } = checkOptions(type, given, checks);
    const options = { ...defaults, ...own } as Options;
    return {
      name,
      config: { ...options, type },
      better,
      perSample: (yTrue, yPred) => checkNode(`The metric ${name}: perSample`, perSample(yTrue, yPred, options)),
      ...(ofMean && { ofMean }),
    };
  };
}
