/** The list of metrics, and resolution of a name or a config to a metric. */
import { ConfigError } from "../errors.js";
import { type Loss, lossName } from "../losses/index.js";
import { unknownName } from "../options/index.js";
import {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  crfAccuracy,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} from "./accuracy.js";
import { auc } from "./auc.js";
import { bitsPerCharacter, perplexity, rootMeanSquaredError } from "./means-of-losses.js";
import type { Better, Metric, MetricResolver, SummedMetric } from "./metric.js";
import { f1Score, precision, recall } from "./precision-recall.js";

/** A name, a config, a metric (every loss is one too), or one that picks its form by shapes. */
export type MetricLike = string | Metric["config"] | Metric | SummedMetric | MetricResolver;

/** Every metric by its name. */
export const metrics: {
  readonly binaryAccuracy: typeof binaryAccuracy;
  readonly categoricalAccuracy: typeof categoricalAccuracy;
  readonly sparseCategoricalAccuracy: typeof sparseCategoricalAccuracy;
  readonly topKCategoricalAccuracy: typeof topKCategoricalAccuracy;
  readonly sparseTopKCategoricalAccuracy: typeof sparseTopKCategoricalAccuracy;
  readonly crfAccuracy: typeof crfAccuracy;
  readonly precision: typeof precision;
  readonly recall: typeof recall;
  readonly f1Score: typeof f1Score;
  readonly auc: typeof auc;
  readonly rootMeanSquaredError: typeof rootMeanSquaredError;
  readonly perplexity: typeof perplexity;
  readonly bitsPerCharacter: typeof bitsPerCharacter;
} & Readonly<Record<string, (options?: never) => Metric | SummedMetric>> = {
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  topKCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  crfAccuracy,
  precision,
  recall,
  f1Score,
  auc,
  rootMeanSquaredError,
  perplexity,
  bitsPerCharacter,
};

const aliases: Readonly<Record<string, string>> = { f1: "f1Score", rmse: "rootMeanSquaredError" };

/**
 * The metric that a name, a config or a metric stands for. Logs show the name that was given: "acc" stays "acc".
 *
 * @param lossNamed resolves names of losses; a loss is also a metric ("mse")
 * @param besideLoss the loss of the model: a crossentropy without `fromLogits` takes it from there
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveMetric("mae", resolveLoss)
 */
export function resolveMetric(
  given: MetricLike,
  lossNamed?: (given: string | Metric["config"]) => Metric,
  besideLoss?: Pick<Loss, "config">,
): Metric | SummedMetric | MetricResolver {
  if (typeof given === "object" && ("perSample" in given || "totals" in given || "resolve" in given)) {
    return given as Metric | SummedMetric | MetricResolver;
  }
  const { type, ...options } = typeof given === "string" ? { type: given } : (given as Metric["config"]);
  if (type === "accuracy" || type === "acc") return accuracy(type);
  const camel = String(type)
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase());
  const known = aliases[camel] ?? camel;
  if (Object.hasOwn(metrics, known)) return metrics[known]!({ name: type, ...options } as never);
  if (lossNamed && lossName(String(type)) !== undefined) {
    const { name = type, ...own } = options;
    const found = lossNamed({ ...own, type });
    const inherits =
      besideLoss?.config.fromLogits === true && found.config.fromLogits === false && !("fromLogits" in own);
    return { ...(inherits ? lossNamed({ ...own, type, fromLogits: true }) : found), name: String(name) };
  }
  throw unknownMetric(String(type));
}

/** A name that neither a metric nor a loss has. */
function unknownMetric(type: string): ConfigError {
  return new ConfigError(
    `${unknownName("metric", type, ["accuracy", "acc", ...Object.keys(metrics)])}, and every loss; pass a custom metric ` +
      `itself, or when you load the model: loadModel(path, { metrics: { ${JSON.stringify(type)}: … } }).`,
  );
}

/** The direction in which a metric gets better: as it states, "lower" for a loss; undefined if unknown. */
export function betterOf(metric: Metric | SummedMetric | MetricResolver): Better | undefined {
  return metric.better ?? ("targetShape" in metric ? "lower" : undefined);
}
