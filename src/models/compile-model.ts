/** What a model is trained for: optimizer, loss and metrics, found by name and given the names logs use. */
import { ConfigError } from "../errors.js";
import { type LossLike, resolveLoss } from "../losses/index.js";
import { type MetricLike, resolveMetric } from "../metrics/index.js";
import { type OptimizerLike, resolveOptimizer } from "../optimizers/index.js";
import type { Compiled, NamedMetric } from "./step-equations.js";

/** What `compile` takes. */
export interface CompileOptions {
  /** A name ("rmsprop") or an optimizer. Default "rmsprop". */
  readonly optimizer?: OptimizerLike;
  /** A name ("binaryCrossentropy") or a loss. */
  readonly loss: LossLike;
  /** Names ("accuracy") or metrics; sample weights do not count. */
  readonly metrics?: readonly MetricLike[];
  /** The same; sample weights count. */
  readonly weightedMetrics?: readonly MetricLike[];
}

/** @throws ConfigError for names that nothing has, listing those that are known */
export function compileModel({
  optimizer = "rmsprop",
  loss,
  metrics = [],
  weightedMetrics = [],
}: CompileOptions): Compiled {
  if (loss === undefined) throw new ConfigError('compile: choose a loss, such as { loss: "binaryCrossentropy" }.');
  const named: NamedMetric[] = [];
  const addMetric = (given: MetricLike, weighted: boolean): void => {
    const metric = resolveMetric(given, resolveLoss);
    const taken = (name: string) => named.some((other) => other.name === name);
    let name = metric.name;
    if (weighted && taken(name)) name = `weighted${name[0]!.toUpperCase()}${name.slice(1)}`;
    for (let i = 1, base = name; taken(name); i++) name = `${base}_${i}`;
    named.push({ name, metric, weighted });
  };
  for (const metric of metrics) addMetric(metric, false);
  for (const metric of weightedMetrics) addMetric(metric, true);
  return { optimizer: resolveOptimizer(optimizer), loss: resolveLoss(loss), metrics: named };
}
