/** Accuracies: the share of right answers. */
import { argmax, equal, greater, mean, type Node, reshape } from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import type { Metric, MetricResolver } from "./metric.js";

/**
 * Whether y = 1 exactly where ŷ > threshold (strictly), the mean over the last axis.
 *
 * @throws ConfigError when the threshold is not in 0 … 1
 */
export function binaryAccuracy({ threshold = 0.5, name = "binaryAccuracy" } = {}): Metric {
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new ConfigError(`binaryAccuracy: the threshold must lie in 0 … 1, received ${threshold}.`);
  }
  return {
    name,
    config: { type: "binaryAccuracy", threshold },
    perSample(yTrue, yPred) {
      return mean(equal(sameSize(name, yTrue, yPred.shape), greater(yPred, threshold)), [-1]);
    },
  };
}

/** Whether the greatest ŷ is where the greatest y is; the first of equal ones counts. Targets are one-hot. */
export function categoricalAccuracy({ name = "categoricalAccuracy" } = {}): Metric {
  return {
    name,
    config: { type: "categoricalAccuracy" },
    perSample: (yTrue, yPred) => equal(argmax(sameSize(name, yTrue, yPred.shape)), argmax(yPred)),
  };
}

/** Whether the greatest ŷ is that of the right class, whose number is the target; the first of equal ones counts. */
export function sparseCategoricalAccuracy({ name = "sparseCategoricalAccuracy" } = {}): Metric {
  return {
    name,
    config: { type: "sparseCategoricalAccuracy" },
    perSample: (yTrue, yPred) => equal(sameSize(name, yTrue, yPred.shape.slice(0, -1)), argmax(yPred)),
  };
}

/**
 * The accuracy that fits the first batch, by Keras's rule: one output per answer is binary; targets without the classes' axis are sparse;
 * else categorical.
 *
 * @param name how logs call it, "accuracy" or "acc"
 */
export function accuracy(name = "accuracy"): MetricResolver {
  return {
    name,
    resolve(targetShape, predictionShape) {
      if (predictionShape.at(-1) === 1) return binaryAccuracy({ name });
      const sparse = targetShape.length < predictionShape.length || targetShape.at(-1) === 1;
      return sparse ? sparseCategoricalAccuracy({ name }) : categoricalAccuracy({ name });
    },
  };
}

/** The targets in the expected shape, which may differ by axes of size 1. */
function sameSize(metric: string, yTrue: Node, expected: readonly number[]): Node {
  const axes = (shape: readonly number[]) => shape.filter((size) => size !== 1).join();
  if (sizeOf(yTrue.shape) === sizeOf(expected) && axes(yTrue.shape) === axes(expected)) return reshape(yTrue, expected);
  throw new ShapeError(
    `${metric}: expected targets ${formatShape(expected)} for this prediction, received ${formatShape(yTrue.shape)}.`,
  );
}
