/** The contract of a loss, and how per-step losses become the one number J. */
import type { Node } from "../equations/index.js";
import type { DType } from "../tensor/dtype.js";
import type { PartialShape, Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** What a wrong prediction costs, as an equation. */
export interface Loss {
  /** Keras's function name, in camelCase: "binaryCrossentropy". */
  readonly name: string;
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** Whether targets are class numbers ("int") or real numbers. */
  readonly targets: DType;
  /**
   * Shape of the targets that belong to a prediction; both batch-first. Binary and mean-squared: the prediction's; sparse: without its
   * last axis; null for an axis of any size. Used to check the user's `y` with a message that says what to change.
   */
  targetShape(predictionShape: Shape): PartialShape;
  /** Where targets must lie, such as 0 … 1 for probabilities; default anywhere. */
  readonly range?: readonly [number, number];
  /** The activation that makes the probabilities it reads; with `fromLogits` in the config it reads what comes before. */
  readonly activation?: "softmax" | "sigmoid";
  /** Whether the last axis of targets holds a distribution, which sums to 1. */
  readonly distribution?: boolean;
  /** What kind of layer must make the prediction: "CRF". Default: any. */
  readonly reads?: string;
  /** What is wrong with class numbers though each is one; undefined if nothing is. */
  problemIn?(targets: Tensor): string | undefined;
  /** Targets of this number do not count, neither in the sum nor in the number of losses; it need not be that of a class. */
  readonly ignores?: number;
  /**
   * Whether it judges sequences as wholes. `perSample` is then always given time in front (predictions [T, B, ...], targets [T, B] or
   * [L, B]) and the mask, and returns [B].
   */
  readonly sequences?: boolean;
  /**
   * The loss of every sample (and step): the last axis is averaged or summed away, as Keras does for this loss.
   *
   * @param yTrue targets, laid out as the prediction is
   * @param yPred prediction, [..., outputs]
   * @param mask [T, B], for a loss of sequences; others need not look at it
   * @returns [...]
   */
  perSample(yTrue: Node, yPred: Node, mask?: Node): Node;
}
