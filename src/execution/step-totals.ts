/**
 * Totals of a batch: for every loss and metric a list of numbers that are added up over batches, and the number that they make. A loss is
 * Σ losses / Σ their count, so padding, empty sequences and ignored targets weigh nothing, however the data are cut into batches.
 */
import { betterOf, metricValue } from "../metrics/index.js";
import type { MetricSums, ReportedNumbers, StepTotals } from "../training/index.js";
import { type CompiledModel, metricsOf } from "./compiled-model.js";
import type { ResultKind } from "./ports.js";

/** Name of the model's loss in logs. */
const LOSS = "loss";

/** Reads a program's result, added up over the shards of a batch. */
export type ReadSums = (kind: ResultKind, index: number) => readonly number[];

/** The sums of the metrics. */
export function metricsOfRun(compiled: CompiledModel, read: ReadSums): MetricSums[] {
  return metricsOf(compiled).map(({ name }, i) => ({ name, sums: read("metric", i) }));
}

/**
 * The loss, then the losses of several outputs, then the metrics.
 *
 * @param examples number of examples in the batch
 * @param read gives the sums of losses
 * @param penalty penalty of the weights; undefined without regularizers
 */
export function totalsOf(
  compiled: CompiledModel,
  examples: number,
  read: ReadSums,
  penalty: number | undefined,
  metrics: readonly MetricSums[],
): StepTotals {
  const losses = compiled.outputs.map(({ lossName }, i) => ({
    name: lossName,
    sums: [read("lossTotal", i)[0]!, read("lossCount", i)[0]!],
  }));
  const sums = losses.flatMap((loss) => loss.sums);
  // The penalty is the same for every example of a batch, and changes from batch to batch.
  if (penalty !== undefined) sums.push(penalty * examples, examples);
  return {
    loss: lossOf(compiled, sums),
    totals: [{ name: LOSS, sums }, ...(losses.length > 1 ? losses : []), ...metrics],
  };
}

/** The names of these, in their order, and the better direction of each. */
export function reportedBy(compiled: CompiledModel): ReportedNumbers {
  const { outputs } = compiled;
  const lossNames = outputs.length > 1 ? outputs.map(({ lossName }) => lossName) : [];
  return Object.fromEntries([
    ...[LOSS, ...lossNames].map((name) => [name, "lower"]),
    ...metricsOf(compiled).map(({ name, metric }) => [name, betterOf(metric)]),
  ]);
}

/** The number that sums over any number of batches make: of the loss, of an output's loss, or of a metric. */
export function valueOfSums(compiled: CompiledModel, name: string, sums: readonly number[]): number {
  if (name === LOSS) return lossOf(compiled, sums);
  const metric = metricsOf(compiled).find((candidate) => candidate.name === name)?.metric;
  // Metrics that pick their form by shapes are means, and so is the loss of an output.
  return metric && !("resolve" in metric) ? metricValue(metric, sums) : ratio(sums[0]!, sums[1]!);
}

/** Σ weight · total / count over the outputs and, behind them, the penalty; both are pairs in `sums`. */
function lossOf({ outputs }: CompiledModel, sums: readonly number[]): number {
  let loss = 0;
  for (let pair = 0; 2 * pair < sums.length; pair++) {
    loss += (outputs[pair]?.lossWeight ?? 1) * ratio(sums[2 * pair]!, sums[2 * pair + 1]!);
  }
  return loss;
}

/** A mean of nothing is 0. */
function ratio(total: number, count: number): number {
  return count === 0 ? 0 : total / count;
}
