/** Models as plain data. */
import type { LayerConfig } from "../layers/index.js";
import type { PartialShape } from "../tensor/shape.js";
import type { Compiled } from "./step-equations.js";

/** What `compile` was given, as plain data. */
export interface CompileConfig {
  readonly optimizer: { readonly type: string; readonly [option: string]: unknown };
  readonly loss: { readonly type: string; readonly [option: string]: unknown };
  readonly metrics: readonly string[];
  readonly weightedMetrics: readonly string[];
}

/** A sequential model as plain data; it survives JSON. */
export interface SequentialConfig {
  readonly type: string;
  readonly name: string;
  /** With the batch axis; absent for a model that is not built. */
  readonly inputShape?: PartialShape;
  readonly layers: readonly LayerConfig[];
  readonly compile?: CompileConfig;
}

export function compileConfig({ optimizer, loss, metrics }: Compiled): CompileConfig {
  const names = (weighted: boolean) =>
    metrics.filter((entry) => entry.weighted === weighted).map(({ metric }) => metric.name);
  // The rate may have been changed since.
  const { learningRate } = optimizer;
  return {
    optimizer: { ...optimizer.config, learningRate },
    loss: loss.config,
    metrics: names(false),
    weightedMetrics: names(true),
  };
}
