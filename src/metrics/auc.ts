/** Area under a curve: the quality of a ranking by scores, over all thresholds. */
import { broadcastTo, concat, constant, greater, matmul, mul, ones, reshape, sub } from "../equations/index.js";
import { checkOptions, type OptionChecks, oneOf, wholeNumber } from "../options/index.js";
import { sizeOf } from "../tensor/shape.js";
import type { SummedMetric } from "./metric.js";
import { type MetricOptions, metricOptions } from "./metric-options.js";
import { asOneHot } from "./same-size.js";
import { weighed } from "./weighted-totals.js";

/** Options of `auc`. */
export interface AUCOptions extends MetricOptions {
  /** The number of equidistant thresholds of the curve. Default 200. */
  readonly numThresholds?: number;
  /** True against false positives ("ROC", the default), or precision against recall ("PR"). */
  readonly curve?: "ROC" | "PR";
}

/** Every answer is compared with every threshold. */
const mostThresholds = 10_000;

const aucOptions: OptionChecks<AUCOptions> = {
  ...metricOptions,
  numThresholds: wholeNumber(2, mostThresholds),
  curve: oneOf("ROC", "PR"),
};

/**
 * The area under the curve of all thresholds, as in Keras: positives above each threshold are counted over all batches, and
 * the curve between two of them is interpolated (for "PR" as Davis & Goadrich 2006 do). Predictions are probabilities; several outputs
 * count as separate answers.
 *
 * @throws ConfigError for fewer than two or more than 10,000 thresholds, or an unknown curve
 * @example auc({ curve: "PR" })
 */
export function auc(options: AUCOptions = {}): SummedMetric {
  const { numThresholds = 200, curve = "ROC", name = "auc" } = checkOptions("auc", options, aucOptions);
  const thresholds = Array.from({ length: numThresholds }, (_, i) => i / (numThresholds - 1));
  // Every probability is above the first, and none above the last.
  thresholds[0] = -1e-7;
  thresholds[numThresholds - 1] = 1 + 1e-7;
  return {
    name,
    config: { type: "auc", numThresholds, curve },
    better: "higher",
    readsProbabilities: () => true,
    totals(yTrue, yPred, options) {
      const count = sizeOf(yPred.shape);
      const positive = asOneHot(name, yTrue, yPred);
      const weights = weighed(broadcastTo(ones([1]), yPred.shape), options);
      const either = [mul(weights, positive), mul(weights, sub(1, positive))].map((x) => reshape(x, [1, count]));
      const above = greater(reshape(yPred, [count, 1]), constant(thresholds));
      return reshape(matmul(concat(either, 0), above), [2 * numThresholds]);
    },
    value(totals) {
      const all = Array.from(totals);
      const [hits, alarms] = [all.slice(0, numThresholds), all.slice(numThresholds)];
      return curve === "ROC" ? areaROC(hits, alarms) : areaPR(hits, alarms);
    },
  };
}

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

/** @param hits true positives by threshold, falling; @param alarms false positives */
function areaROC(hits: readonly number[], alarms: readonly number[]): number {
  return hits.slice(1).reduce((area, next, i) => {
    const width = ratio(alarms[i]! - alarms[i + 1]!, alarms[0]!);
    return area + (width * (ratio(hits[i]!, hits[0]!) + ratio(next, hits[0]!))) / 2;
  }, 0);
}

/** Between two thresholds the hits are a linear function of all predicted positives. */
function areaPR(hits: readonly number[], alarms: readonly number[]): number {
  return hits.slice(1).reduce((area, next, i) => {
    const [above, aboveNext] = [hits[i]! + alarms[i]!, next + alarms[i + 1]!];
    const slope = ratio(hits[i]! - next, above - aboveNext);
    const intercept = next - slope * aboveNext;
    const spread = above > 0 && aboveNext > 0 ? Math.log(above / aboveNext) : 0;
    return area + ratio(slope * (hits[i]! - next + intercept * spread), hits[0]!);
  }, 0);
}
