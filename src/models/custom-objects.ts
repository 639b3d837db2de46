/** Custom objects that configs name. Files hold names and options, never code, so the code is given when a model is loaded. */
import type { CustomLayers } from "../layers/index.js";
import type { Loss } from "../losses/index.js";
import type { Metric, MetricLike, SummedMetric } from "../metrics/index.js";
import type { CompileOptions, MetricsLike } from "./compile-model.js";
import type { CompileConfig, MetricConfig } from "./config.js";

/** Custom cells, layers, losses and metrics, each by its name in files. */
export interface CustomObjects extends CustomLayers {
  /** Makes the loss from its options in a config, as `defineLoss` does. */
  // biome-ignore lint/suspicious/noExplicitAny: a config is data from outside; each loss has its options
  readonly losses?: Readonly<Record<string, (options: any) => Loss>>;
  /** Makes the metric from its options in a config and its name in logs, as `defineMetric` does. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly metrics?: Readonly<Record<string, (options: any) => Metric | SummedMetric>>;
}

/** Options of `compile` from a config; custom losses and metrics are made. */
export function compileOptions(config: CompileConfig, { losses = {}, metrics = {} }: CustomObjects): CompileOptions {
  const made = ({ type, ...options }: Loss["config"]) =>
    Object.hasOwn(losses, type) ? losses[type]!(options) : { type, ...options };
  const { loss } = config;
  const isList = (given: typeof loss): given is readonly (Loss["config"] | null)[] => Array.isArray(given);
  const metricOf = (given: MetricConfig): MetricLike => {
    const { type, ...options } = typeof given === "string" ? { type: given } : given;
    return Object.hasOwn(metrics, type) ? metrics[type]!(options) : given;
  };
  const isEach = (given: MetricConfig | readonly MetricConfig[]): given is readonly MetricConfig[] =>
    Array.isArray(given);
  const measured = (given: readonly (MetricConfig | readonly MetricConfig[])[]) =>
    given.map((each) => (isEach(each) ? each.map(metricOf) : metricOf(each))) as MetricsLike;
  return {
    ...config,
    loss: isList(loss) ? loss.map((each) => each && made(each)) : made(loss),
    metrics: measured(config.metrics),
    weightedMetrics: measured(config.weightedMetrics),
  };
}
