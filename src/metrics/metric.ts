/** The contract of a metric: a weighted mean over samples (and steps), summed up over batches by the trainer. */
import type { Node } from "../equations/index.js";
import type { DType } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";

/** How good a prediction is, as an equation; every loss is one too. */
export interface Metric {
  /** Its name in logs, as the user typed it: "accuracy", "acc". */
  readonly name: string;
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /**
   * The value of every sample (and step): the last axis is averaged or reduced away.
   *
   * @param yTrue targets, laid out as the prediction is
   * @param yPred prediction, [..., outputs]
   * @returns [...]
   */
  perSample(yTrue: Node, yPred: Node): Node;
}

/** A metric that picks its form by the shapes of the first batch, as Keras's "accuracy" does. */
export interface MetricResolver {
  readonly name: string;
  resolve(targetShape: Shape, predictionShape: Shape, targets: DType): Metric;
}
