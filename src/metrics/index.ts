/** Metrics: how good a model is, in a number for people. */
export { accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy } from "./accuracy.js";
export type { Metric, MetricResolver } from "./metric.js";
export { type MetricLike, metrics, resolveMetric } from "./resolve-metric.js";
export { type WeightOptions, weightedTotals } from "./weighted-totals.js";
