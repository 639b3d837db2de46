/** Compiled model: the optimizer, and the losses and metrics of its outputs, as `Model.compile` chose them. */
import type { Loss } from "../losses/index.js";
import type { Metric, MetricResolver, SummedMetric } from "../metrics/index.js";
import type { Optimizer } from "../optimizers/index.js";

/** What `Model.compile` chose. */
export interface CompiledModel {
  readonly optimizer: Optimizer;
  /** The outputs with a loss. */
  readonly outputs: readonly CompiledOutput[];
}

/** An output with a loss. */
export interface CompiledOutput {
  /** Which output of the network. */
  readonly index: number;
  readonly loss: Loss;
  /** How logs call its loss. */
  readonly lossName: string;
  /** Its share in the loss of the model. */
  readonly lossWeight: number;
  readonly metrics: readonly NamedMetric[];
}

/** A metric under the name logs give it. */
export interface NamedMetric {
  readonly name: string;
  /** What makes it again: the name it was asked for by, or its config. */
  readonly config: string | Metric["config"];
  readonly metric: Metric | SummedMetric | MetricResolver;
  /** Whether sample weights count. */
  readonly weighted: boolean;
}

/** Every metric of every output, in the order of the ports "metric" */
export function metricsOf({ outputs }: CompiledModel): readonly NamedMetric[] {
  return outputs.flatMap(({ metrics }) => metrics);
}
