/** Compiled model: the optimizer, and the losses and metrics of its outputs, as `Model.compile` chose them. */
import type { Loss } from "../losses/index.js";
import type { Metric, MetricResolver, SummedMetric } from "../metrics/index.js";
import type { Optimizer } from "../optimizers/index.js";

/** The choices of `Model.compile`. */
export interface CompiledModel {
  readonly optimizer: Optimizer;
  /** The outputs with a loss. */
  readonly outputs: readonly CompiledOutput[];
}

/** An output with a loss. */
export interface CompiledOutput {
  /** Index among the network's outputs. */
  readonly index: number;
  readonly loss: Loss;
  /** Name of its loss in logs. */
  readonly lossName: string;
  /** Its weight in the loss of the model. */
  readonly lossWeight: number;
  readonly metrics: readonly NamedMetric[];
}

/** A metric and its name in logs. */
export interface NamedMetric {
  readonly name: string;
  /** The name it was asked for by, or its config: either makes it again. */
  readonly config: string | Metric["config"];
  readonly metric: Metric | SummedMetric | MetricResolver;
  /** True if sample weights count. */
  readonly weighted: boolean;
}

/** Every metric of every output, in the order of the ports "metric" */
export function metricsOf({ outputs }: CompiledModel): readonly NamedMetric[] {
  return outputs.flatMap(({ metrics }) => metrics);
}
