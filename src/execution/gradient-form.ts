/** Form of a gradient in the shards of a batch: all its numbers, or ids and rows where it is a table's of which few rows are named. */
import type { Shape } from "../tensor/shape.js";

/** Rows of a table for each id that is named, at least, in a sparse gradient; with fewer there is little to gain, and shards would leave more. */
const ROWS_PER_ID = 4;

/**
 * The form in which the shards of a batch keep a gradient. Sparse: ids and rows, `count` in each shard. Table: all numbers, though a row that
 * no id names has a gradient of zeros; too many rows are named. Dense: all numbers.
 */
export type GradientForm = { readonly kind: "dense" | "table" } | { readonly kind: "sparse"; readonly count: number };

/** The forms of a shard's gradients, by the ids of the parameters. */
export type GradientForms = Readonly<Record<string, GradientForm>>;

/**
 * Decides the form of a gradient: sparse where a batch names at most a quarter of a table.
 *
 * @param shape of the weight
 * @param count of the ids that one shard names, however often; undefined where the gradient is not a table's
 * @param shards examples of the whole batch, divided by those of this shard
 */
export function gradientForm([rows]: Shape, count: number | undefined, shards: number): GradientForm {
  if (count === undefined) return { kind: "dense" };
  return Math.round(count * shards) * ROWS_PER_ID <= rows! ? { kind: "sparse", count } : { kind: "table" };
}

/** The largest number of ids in a sparse gradient of a table. */
export function maxSparseIds(rows: number): number {
  return Math.floor(rows / ROWS_PER_ID);
}
