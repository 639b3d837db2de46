/** The contract of a loss. */
import type { Node } from "../equations/index.js";
import type { DType } from "../tensor/dtype.js";
import type { PartialShape, Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** The cost of a prediction, as an equation. */
export interface Loss {
  /** Keras's function name, in camelCase: "binaryCrossentropy". */
  readonly name: string;
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** Whether targets are class numbers ("int") or real numbers. */
  readonly targets: DType;
  /**
   * Shape of the targets that belong to a prediction; both batch-first. Binary and mean-squared: the prediction's; sparse: without its
   * last axis; null for an axis of any size. It is used to check the user's `y`.
   */
  targetShape(predictionShape: Shape): PartialShape;
  /** The range of targets, such as 0 … 1 for probabilities; default: any. */
  readonly range?: readonly [number, number];
  /** The activation that makes the probabilities that the loss reads; with `fromLogits` in the config it reads the activation's input. */
  readonly activation?: "softmax" | "sigmoid";
  /** Whether the last axis of targets holds a distribution, which sums to 1. */
  readonly distribution?: boolean;
  /** The kind of layer that must make the prediction: "CRF". Default: any. */
  readonly reads?: string;
  /** The fault of a list of valid class numbers as a whole; undefined without one. */
  problemIn?(targets: Tensor): string | undefined;
  /** Targets of this number do not count, neither in the sum nor in the number of losses; it need not be a class. */
  readonly ignores?: number;
  /**
   * Whether it evaluates whole sequences. `perSample` then receives time-major arguments (predictions [T, B, ...], targets [T, B] or
   * [L, B]) and the mask, and returns [B].
   */
  readonly sequences?: boolean;
  /**
   * The loss of every sample (and step): the last axis is averaged or summed away, as Keras does for this loss.
   *
   * @param yTrue targets, in the layout of the prediction
   * @param yPred prediction, [..., outputs]
   * @param mask [T, B], for a loss of sequences; other losses may ignore it
   * @returns [...]
   */
  perSample(yTrue: Node, yPred: Node, mask?: Node): Node;
}
