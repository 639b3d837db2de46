/** The list of metrics, and resolution of a name or a config to a metric. */
import { type Loss, losses, lossRegistry, resolveLoss } from "../losses/index.js";
import { checkOptions } from "../options/index.js";
import { entryOf, isMade, type MakerRegistry, nameIn, readConfig, statedOptions } from "../registry.js";
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
export const metrics = {
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
} as const satisfies Readonly<Record<string, (options?: never) => Metric | SummedMetric>>;

/** Metrics by name, and losses: every loss is a metric too. "accuracy" takes a name instead of options. */
export const metricRegistry: MakerRegistry<Metric | SummedMetric | MetricResolver> = {
  kind: "metric",
  entries: /* @__PURE__ */ Object.assign({ accuracy }, metrics, losses),
  aliases: /* @__PURE__ */ Object.assign(
    { acc: "accuracy", f1: "f1Score", rmse: "rootMeanSquaredError" },
    lossRegistry.aliases,
  ),
  methods: ["perSample", "totals", "resolve"],
  example: "accuracy",
  owner: "compile",
  define: 'defineMetric({ name: "mine", options: {}, better: "lower", perSample: (yTrue, yPred) => … })',
  custom: "metrics",
  nullable: ["threshold"],
};

/**
 * The metric that a name, a config or a metric stands for. Logs show the name that was given: "acc" stays "acc".
 *
 * @param besideLoss the loss of the model: a crossentropy without `fromLogits` takes it from there
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveMetric("mae")
 */
export function resolveMetric(
  given: MetricLike,
  besideLoss?: Pick<Loss, "config">,
): Metric | SummedMetric | MetricResolver {
  if (isMade(metricRegistry, given)) return given as Metric | SummedMetric | MetricResolver;
  const { type, options } = readConfig(metricRegistry, given);
  const { name = type, ...rest } = options as { name?: string };
  if (nameIn(lossRegistry, type) !== undefined) return lossAsMetric({ ...rest, type }, name, besideLoss);
  const stated = statedOptions(metricRegistry, type, rest);
  if (nameIn(metricRegistry, type) !== "accuracy") return entryOf(metricRegistry, type)({ ...stated, name } as never);
  checkOptions("accuracy", stated, {});
  return accuracy(name);
}

function lossAsMetric(config: Loss["config"], name: string, besideLoss?: Pick<Loss, "config">): Metric {
  const found = resolveLoss(config);
  const inherits =
    besideLoss?.config.fromLogits === true && found.config.fromLogits === false && !("fromLogits" in config);
  return { ...(inherits ? resolveLoss({ ...config, fromLogits: true }) : found), name };
}

/** The direction in which a metric gets better: as it states, "lower" for a loss; undefined if unknown. */
export function betterOf(metric: Metric | SummedMetric | MetricResolver): Better | undefined {
  return metric.better ?? ("targetShape" in metric ? "lower" : undefined);
}
