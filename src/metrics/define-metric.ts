/** Custom metrics, from an equation. */
import type { Node } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { checkSamples } from "../losses/index.js";
import {
  aFunction,
  anObject,
  anything,
  checkOption,
  checkOptions,
  expecting,
  formatValue,
  likeDefaults,
  nameText,
  type OptionChecks,
} from "../options/index.js";
import { checkCustomName } from "../registry.js";
import { isRecord } from "../tensor/tensor-like.js";
import type { Better, Metric } from "./metric.js";
import { type MetricOptions, metricOptions } from "./metric-options.js";
import { metricRegistry } from "./resolve-metric.js";

/** The definition of a custom metric. */
export interface MetricDefinition<Options extends object> {
  /** Its name in logs and files; it must differ from built-in metrics. */
  readonly name: string;
  /** Options with their defaults, in types that JSON can hold. */
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
  /** The value that logs show, computed from the mean, such as its root; default: the mean itself. */
  readonly ofMean?: (mean: number) => number;
}

/**
 * A metric from its equation: the mean of `perSample` over all samples (and valid steps) of all batches. Returns a
 * function from options, and a `name` for logs, to the metric. A file holds only name and options, so pass it when you load the model:
 * `loadModel(path, { metrics: { worst } })`.
 *
 * @throws ConfigError if the name is that of a built-in metric, for a part of another kind, and for an option that the metric does not have
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
  checkOptions<MetricDefinition<Options>>("defineMetric", definition, definitionChecks, ["options", "perSample"]);
  const { name: type, options: defaults, better, perSample, ofMean } = definition;
  checkCustomName(metricRegistry, "defineMetric", type);
  if (better !== "lower" && better !== "higher") {
    throw new ConfigError(
      `defineMetric: say whether a lower or a higher "${type}" is better: better: "lower" or "higher"; received ${formatValue(better)}.`,
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
      perSample: (yTrue, yPred) => checkSamples(`The metric ${name}`, perSample(yTrue, yPred, options), yPred.shape),
      ...(ofMean && { ofMean: (mean: number) => checkOfMean(name, ofMean(mean)) }),
    };
  };
}

const definitionChecks: OptionChecks<MetricDefinition<object>> = {
  name: nameText,
  options: expecting("an object of options and their defaults, {} for none", isRecord),
  better: anything,
  perSample: aFunction,
  ofMean: aFunction,
};

function checkOfMean(name: string, given: number): number {
  if (typeof given === "number") return given;
  throw new ConfigError(`The metric ${name}: ofMean returned ${formatValue(given)}; expected a number.`);
}
