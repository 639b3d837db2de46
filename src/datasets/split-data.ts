/** Setting a random part of the data aside, the same part for the same seed. */
import { ConfigError, DataError } from "../errors.js";
import { Random } from "../tensor/random.js";
import type { LabelledTexts } from "./reviews.js";

/**
 * Splits items at random. Both parts keep the order of `items` and hold at least one item.
 *
 * @param fraction share of the items that is set aside, above 0 and below 1
 * @param seed equal seeds give equal parts
 * @throws ConfigError for a fraction outside (0, 1), DataError for fewer than two items
 * @example const { train, test } = splitData(sentences, 0.1, 7)
 */
export function splitData<Item>(items: readonly Item[], fraction = 0.2, seed = 0): { train: Item[]; test: Item[] } {
  const { train, test } = splitIndices(items.length, fraction, seed);
  return { train: train.map((i) => items[i]!), test: test.map((i) => items[i]!) };
}

/** {@link splitData} of texts together with their labels. */
export function splitTexts(
  data: LabelledTexts,
  fraction = 0.2,
  seed = 0,
): { train: LabelledTexts; test: LabelledTexts } {
  const { train, test } = splitIndices(data.texts.length, fraction, seed);
  const pick = (indices: number[]): LabelledTexts => ({
    texts: indices.map((i) => data.texts[i]!),
    labels: Int32Array.from(indices, (i) => data.labels[i]!),
  });
  return { train: pick(train), test: pick(test) };
}

function splitIndices(length: number, fraction: number, seed: number): { train: number[]; test: number[] } {
  if (!(fraction > 0 && fraction < 1)) {
    throw new ConfigError(`splitData: fraction must be above 0 and below 1, received ${fraction}.`);
  }
  if (length < 2) throw new DataError(`splitData: ${length} items cannot be split in two; at least two are needed.`);
  const count = Math.min(length - 1, Math.max(1, Math.round(length * fraction)));
  const order = new Random(seed).permutation(length);
  return { train: Array.from(order.subarray(count).sort()), test: Array.from(order.subarray(0, count).sort()) };
}
