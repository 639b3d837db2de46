/** Weighted sums of a metric over batches. */
import { broadcastTo, constant, mean, mul, type Node, reshape, sum, where } from "../equations/index.js";
import { sizeOf } from "../tensor/shape.js";

/** The mask and the weights of a metric. */
export interface WeightOptions {
  /** 1 at valid entries, 0 at padding: the leading axes of the values, in the same layout. */
  readonly mask?: Node;
  /** One weight per entry: the leading axes of the values, or axes of size 1 that are shared. */
  readonly sampleWeight?: Node;
}

/**
 * Σ w·m·value and Σ w·m, two scalars: add both up over the batches, and the metric is the first over the second. Values with more axes
 * than the weights are averaged over them first.
 *
 * @param perSample values [...]
 */
export function weightedTotals(perSample: Node, options: WeightOptions = {}): { total: Node; count: Node } {
  const { mask, sampleWeight } = options;
  const rank = Math.min(mask?.shape.length ?? Infinity, sampleWeight?.shape.length ?? Infinity, perSample.shape.length);
  const extra = [...perSample.shape.keys()].slice(rank);
  const values = extra.length > 0 ? mean(perSample, extra) : perSample;
  if (!mask && !sampleWeight) return { total: sum(values), count: constant(sizeOf(values.shape)) };
  const full = (node: Node) => broadcastTo(reshape(node, node.shape.slice(0, rank)), values.shape);
  const weights = sampleWeight ? full(sampleWeight) : undefined;
  if (!mask) return { total: sum(mul(weights!, values)), count: sum(weights!) };
  const valid = full(mask);
  const weighted = weights ? mul(weights, values) : values;
  return { total: sum(where(valid, weighted, 0)), count: sum(weights ? mul(weights, valid) : valid) };
}

/**
 * Values times their weights, and 0 where the mask is 0, for metrics whose values have further axes after those of the samples.
 *
 * @param values [..., classes]
 */
export function weighed(values: Node, { mask, sampleWeight }: WeightOptions): Node {
  const behind = (node: Node) =>
    reshape(node, [...node.shape, ...new Array<number>(values.shape.length - node.shape.length).fill(1)]);
  const weighted = sampleWeight ? mul(values, behind(sampleWeight)) : values;
  return mask ? where(behind(mask), weighted, 0) : weighted;
}
