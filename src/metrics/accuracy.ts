/** Accuracies: the fraction of right answers. */
import { argmax, equal, greater, less, mean, mul, type Node, sum } from "../equations/index.js";
import { checkOptions, count, share } from "../options/index.js";
import { bestPath } from "../structured/index.js";
import type { Metric, MetricResolver } from "./metric.js";
import { type MetricOptions, metricOptions } from "./metric-options.js";
import { asOneHot, sameSize } from "./same-size.js";

/** Options of `binaryAccuracy`. */
export interface ThresholdOptions extends MetricOptions {
  /** Default 0.5. */
  readonly threshold?: number;
}

/**
 * Whether y = 1 exactly where ŷ > threshold (strictly), the mean over the last axis.
 *
 * @throws ConfigError if the threshold is not in 0 … 1
 */
export function binaryAccuracy(options: ThresholdOptions = {}): Metric {
  const checks = { ...metricOptions, threshold: share };
  const { threshold = 0.5, name = "binaryAccuracy" } = checkOptions("binaryAccuracy", options, checks);
  return {
    name,
    config: { type: "binaryAccuracy", threshold },
    better: "higher",
    readsProbabilities: () => threshold > 0,
    perSample(yTrue, yPred) {
      return mean(equal(sameSize(name, yTrue, yPred.shape), greater(yPred, threshold)), [-1]);
    },
  };
}

/** Whether the greatest ŷ is where the greatest y is; the first of equal ones counts. Targets are one-hot. */
export function categoricalAccuracy(options: MetricOptions = {}): Metric {
  const { name = "categoricalAccuracy" } = checkOptions("categoricalAccuracy", options, metricOptions);
  return {
    name,
    config: { type: "categoricalAccuracy" },
    better: "higher",
    perSample: (yTrue, yPred) => equal(argmax(sameSize(name, yTrue, yPred.shape)), argmax(yPred)),
  };
}

/** Whether the greatest ŷ is that of the right class, whose number is the target; the first of equal ones counts. */
export function sparseCategoricalAccuracy(options: MetricOptions = {}): Metric {
  const { name = "sparseCategoricalAccuracy" } = checkOptions("sparseCategoricalAccuracy", options, metricOptions);
  return {
    name,
    config: { type: "sparseCategoricalAccuracy" },
    better: "higher",
    perSample: (yTrue, yPred) => equal(sameSize(name, yTrue, yPred.shape.slice(0, -1)), argmax(yPred)),
  };
}

/** Options of the top-k accuracies. */
export interface TopKOptions extends MetricOptions {
  /** Default 5. */
  readonly k?: number;
}

/** Whether the right class is among the k of the greatest ŷ; equal ones all count. Targets are one-hot. */
export const topKCategoricalAccuracy = (options: TopKOptions = {}): Metric => topK("topKCategoricalAccuracy", options);

/** Top-k accuracy whose target is the number of the right class. */
export const sparseTopKCategoricalAccuracy = (options: TopKOptions = {}): Metric =>
  topK("sparseTopKCategoricalAccuracy", options);

function topK(type: string, options: TopKOptions): Metric {
  const { k = 5, name = type } = checkOptions(type, options, { ...metricOptions, k: count });
  return {
    name,
    config: { type, k },
    better: "higher",
    perSample(yTrue, yPred) {
      const right = sum(mul(asOneHot(name, yTrue, yPred), yPred), [-1], { keepDims: true });
      return less(sum(greater(yPred, right), [-1]), k);
    },
  };
}

/** Whether the tag on the best path is the right one; the prediction is the output of the layer `crf`, [time, batch, tags, tags]. */
export function crfAccuracy(options: MetricOptions = {}): Metric {
  const { name = "crfAccuracy" } = checkOptions("crfAccuracy", options, metricOptions);
  return {
    name,
    config: { type: "crfAccuracy" },
    better: "higher",
    sequences: true,
    perSample: (yTrue: Node, yPred: Node) => equal(sameSize(name, yTrue, yPred.shape.slice(0, 2)), bestPath(yPred)),
  };
}

/**
 * The accuracy that fits the first batch, by Keras's rule: one output per answer is binary; targets without the classes' axis are sparse;
 * else categorical. A prediction with two axes more than its targets is that of a `crf` layer.
 *
 * @param name its name in logs, "accuracy" or "acc"
 */
export function accuracy(name = "accuracy"): MetricResolver {
  return {
    name,
    better: "higher",
    resolve(targetShape, predictionShape) {
      if (predictionShape.length === targetShape.length + 2) return crfAccuracy({ name });
      if (predictionShape.at(-1) === 1) return binaryAccuracy({ name });
      const sparse = targetShape.length < predictionShape.length || targetShape.at(-1) === 1;
      return sparse ? sparseCategoricalAccuracy({ name }) : categoricalAccuracy({ name });
    },
  };
}
