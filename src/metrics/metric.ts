/** The contracts of metrics. The trainer sums both kinds over batches and threads, and computes one number at the end. */
import type { Node } from "../equations/index.js";
import type { Loss } from "../losses/index.js";
import type { DType } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";
import type { WeightOptions } from "./weighted-totals.js";

/** Direction in which a number gets better. */
export type Better = "lower" | "higher";

/** A weighted mean over samples (and steps), as an equation; every loss is also a metric. */
export interface Metric {
  /** Its name in logs, as the user typed it: "accuracy", "acc". */
  readonly name: string;
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** Direction in which it gets better, for callbacks that look for the best; without it they need a `mode`. */
  readonly better?: Better;
  /** Whether it needs time-major arguments: predictions [T, B, ...] and targets [T, B], as some losses do. */
  readonly sequences?: boolean;
  /** Targets with this number do not count. */
  readonly ignores?: number;
  /**
   * The value of every sample (and step): the last axis is averaged or reduced away.
   *
   * @param yTrue targets, laid out as the prediction is
   * @param yPred prediction, [..., outputs]
   * @param mask [T, B], where there is one; its steps are left out of the mean anyway
   * @returns [...]
   */
  perSample(yTrue: Node, yPred: Node, mask?: Node): Node;
  /** The same metric next to a loss, which determines whether predictions are logits. */
  beside?(loss: Loss): Metric;
  /** Whether it compares predictions with thresholds, so that logits would be misread. @param outputs of the prediction */
  readsProbabilities?(outputs: number): boolean;
  /** The value that logs show, computed from the mean, such as its root; the mean itself if absent. */
  ofMean?(mean: number): number;
}

/** A metric that is not a mean: a number computed at the end from sums over all samples. */
export interface SummedMetric {
  readonly name: string;
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** Direction in which it gets better, for callbacks that look for the best; without it they need a `mode`. */
  readonly better?: Better;
  /**
   * Sums over valid samples, times their weights: [sums].
   *
   * @param yTrue targets, laid out as the prediction is
   * @param yPred prediction, [..., outputs]
   */
  totals(yTrue: Node, yPred: Node, options: WeightOptions): Node;
  /** See `Metric`. */
  readsProbabilities?(outputs: number): boolean;
  /** The metric from sums of `totals` over any number of batches. */
  value(totals: ArrayLike<number>): number;
}

/** A metric that picks its form by the shapes of the first batch, as Keras's "accuracy" does. */
export interface MetricResolver {
  readonly name: string;
  /** Direction in which it gets better, for callbacks that look for the best; without it they need a `mode`. */
  readonly better?: Better;
  resolve(targetShape: Shape, predictionShape: Shape, targets: DType): Metric;
}
