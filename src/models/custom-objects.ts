/** What configs name that is not built in. Files hold names and options, never code, so the code is given when a model is loaded. */
import type { CustomLayers } from "../layers/index.js";
import type { Loss } from "../losses/index.js";
import type { Metric, MetricLike, SummedMetric } from "../metrics/index.js";
import type { CompileOptions, MetricsLike } from "./compile-model.js";
import type { CompileConfig, MetricConfig } from "./config.js";

/** Cells, layers, losses and metrics of one's own, each by the name that files give it. */
export interface CustomObjects extends CustomLayers {
  /** From the options in a config to the loss, as `defineLoss` makes it. */
  // biome-ignore lint/suspicious/noExplicitAny: a config is data from outside; each loss has options of its own
  readonly losses?: Readonly<Record<string, (options: any) => Loss>>;
  /** From the options in a config, and the name in logs, to the metric, as `defineMetric` makes it. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly metrics?: Readonly<Record<string, (options: any) => Metric | SummedMetric>>;
}

/** What `compile` takes for a config; losses and metrics of one's own are made. */
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
