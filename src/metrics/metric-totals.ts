/** Totals of a metric of either kind: the sums of a batch, and the value from the sums of several batches. */
import { concat, type Node, reshape } from "../equations/index.js";
import { sampleLosses } from "../losses/index.js";
import type { Metric, SummedMetric } from "./metric.js";
import { type WeightOptions, weightedTotals } from "./weighted-totals.js";

/** The sums of a batch, [sums]; those of several batches are added up. For a mean they are its total and its count. */
export function metricTotals(
  metric: Metric | SummedMetric,
  yTrue: Node,
  yPred: Node,
  { mask, sampleWeight }: WeightOptions = {},
): Node {
  if ("totals" in metric) return metric.totals(yTrue, yPred, { mask, sampleWeight });
  const losses = sampleLosses(metric, yTrue, yPred, mask);
  const { total, count } = weightedTotals(losses.perSample, { mask: losses.mask, sampleWeight });
  return concat([reshape(total, [1]), reshape(count, [1])]);
}

/** The metric from sums; 0 without samples. */
export function metricValue(metric: Metric | SummedMetric, totals: ArrayLike<number>): number {
  if ("totals" in metric) return metric.value(totals);
  const [total, count] = [totals[0]!, totals[1]!];
  if (count === 0) return 0;
  return metric.ofMean ? metric.ofMean(total / count) : total / count;
}
