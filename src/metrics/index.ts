/** Metrics: the quality of a model as a number for people. */
export {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  crfAccuracy,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  type TopKOptions,
  topKCategoricalAccuracy,
} from "./accuracy.js";
export { type AUCOptions, auc } from "./auc.js";
export {
  type ClassificationReport,
  type ConfusionOptions,
  classificationReport,
  confusionMatrix,
  type ReportRow,
} from "./confusion-matrix.js";
export { defineMetric, type MetricDefinition } from "./define-metric.js";
export { bitsPerCharacter, type LikelihoodOptions, perplexity, rootMeanSquaredError } from "./means-of-losses.js";
export type { Better, Metric, MetricResolver, SummedMetric } from "./metric.js";
export { metricTotals, metricValue } from "./metric-totals.js";
export { type Average, type DecisionOptions, f1Score, precision, recall } from "./precision-recall.js";
export { betterOf, type MetricLike, metricRegistry, metrics, resolveMetric } from "./resolve-metric.js";
export { type WeightOptions, weightedTotals } from "./weighted-totals.js";
