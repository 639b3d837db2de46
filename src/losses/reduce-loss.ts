/**
 * Reduction of the losses of samples (and steps) to one number J, the mean over valid entries. Padding adds neither to the sum nor to
 * the count, so the loss of a sentence does not depend on its padding.
 */
import {
  broadcastTo,
  constant,
  div,
  max,
  maximum,
  mul,
  type Node,
  notEqual,
  reshape,
  sum,
  where,
} from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import type { Loss } from "./loss.js";

/** The mask and the weights of a reduction. */
export interface ReductionOptions {
  /** 1 at valid entries, 0 at padding: the leading axes of the losses, in the same layout (time-major with a signal's mask). */
  readonly mask?: Node;
  /** One weight per entry, of the losses' rank; axes of size 1 are shared. */
  readonly sampleWeight?: Node;
}

/**
 * The losses (or a metric's values) of samples, and the mask of those that count: valid steps or, for a loss of sequences, sequences with
 * a valid step; ignored targets never count.
 *
 * @param mask of the prediction
 */
export function sampleLosses(
  loss: Pick<Loss, "perSample" | "ignores">,
  yTrue: Node,
  yPred: Node,
  mask?: Node,
): { perSample: Node; mask?: Node } {
  const perSample = loss.perSample(yTrue, yPred, mask);
  const valid = mask && mask.shape.length > perSample.shape.length ? max(mask, [0]) : mask;
  if (loss.ignores === undefined) return { perSample, mask: valid };
  const counts = reshape(notEqual(yTrue, loss.ignores), perSample.shape);
  return { perSample, mask: valid ? mul(maskFor(valid, perSample), counts) : counts };
}

/**
 * Σ w·m·loss and the number of valid entries Σ m, two scalars. Parts of a batch may be added up before dividing.
 *
 * @param perSample losses [...]
 * @throws ShapeError if weights have another rank
 */
export function lossTotals(
  perSample: Node,
  { mask, sampleWeight }: ReductionOptions = {},
): { total: Node; count: Node } {
  if (sampleWeight && sampleWeight.shape.length !== perSample.shape.length) {
    throw new ShapeError(
      `sampleWeight: expected one weight per loss ${formatShape(perSample.shape)}, with size 1 on an axis that shares it, ` +
        `received ${formatShape(sampleWeight.shape)}.`,
    );
  }
  const weighted = sampleWeight ? mul(perSample, sampleWeight) : perSample;
  if (!mask) return { total: sum(weighted), count: constant(sizeOf(perSample.shape)) };
  const valid = broadcastTo(maskFor(mask, perSample), perSample.shape);
  return { total: sum(where(valid, weighted, 0)), count: sum(valid) };
}

/** total / count; 0 without valid entries. */
export function meanLoss({ total, count }: { readonly total: Node; readonly count: Node }): Node {
  return div(total, maximum(count, 1));
}

/**
 * J = Σ w·m·loss / Σ m, Keras's "sum_over_batch_size": the divisor counts valid entries, not weights. A batch without valid entries
 * costs 0.
 *
 * @example reduceLoss(loss.perSample(yTrue, yPred), { mask })
 */
export function reduceLoss(perSample: Node, options: ReductionOptions = {}): Node {
  return meanLoss(lossTotals(perSample, options));
}

function maskFor(mask: Node, { shape }: Node): Node {
  return reshape(mask, [...mask.shape, ...new Array<number>(shape.length - mask.shape.length).fill(1)]);
}
