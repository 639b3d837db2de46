/** Random splits of data, equal for equal seeds. */

import { ConfigError, DataError } from "../errors.js";
import { checkOption, counted, formatValue, integer } from "../options/index.js";
import { expectIds, expectTexts, notText } from "../tensor/expect-text.js";
import { Random } from "../tensor/random.js";
import type { LabelledTexts } from "./reviews.js";

/**
 * Splits items at random. Both parts keep the order of `items` and hold at least one item.
 *
 * @param fraction fraction of the items that is set aside, above 0 and below 1
 * @param seed equal seeds give equal parts
 * @throws ConfigError for a fraction outside (0, 1), DataError for fewer than two items
 * @example const { train, test } = splitData(sentences, 0.1, 7)
 */
export function splitData<Item>(items: readonly Item[], fraction = 0.2, seed = 0): { train: Item[]; test: Item[] } {
  if (!Array.isArray(items)) throw notText("splitData: items", items, "a list");
  const { train, test } = splitIndices(items.length, fraction, seed);
  return { train: train.map((i) => items[i]!), test: test.map((i) => items[i]!) };
}

/** {@link splitData} of texts together with their labels: the same fraction of every class, to within one text. */
export function splitTexts(
  data: LabelledTexts,
  fraction = 0.2,
  seed = 0,
): { train: LabelledTexts; test: LabelledTexts } {
  expectTexts("splitTexts: texts", data?.texts);
  expectIds("splitTexts: labels", data.labels);
  const { train, test } = splitIndices(data.texts.length, fraction, seed, data.labels);
  const pick = (indices: number[]): LabelledTexts => ({
    texts: indices.map((i) => data.texts[i]!),
    labels: Int32Array.from(indices, (i) => data.labels[i]!),
  });
  return { train: pick(train), test: pick(test) };
}

function splitIndices(length: number, fraction: number, seed: number, labels?: Int32Array) {
  if (!(typeof fraction === "number" && fraction > 0 && fraction < 1)) {
    throw new ConfigError(`splitData: fraction must be above 0 and below 1, received ${formatValue(fraction)}.`);
  }
  checkOption("splitData", "seed", seed, integer);
  if (length < 2)
    throw new DataError(`splitData: ${counted(length, "item")} cannot be split in two; at least two are needed.`);
  const count = Math.min(length - 1, Math.max(1, Math.round(length * fraction)));
  const order = new Random(seed).permutation(length);
  // One class after the other, each in random order: equal distances give an equal fraction of each.
  if (labels) order.sort((a, b) => labels[a]! - labels[b]!);
  const chosen = new Set(Array.from({ length: count }, (_, k) => order[Math.floor(((k + 0.5) * length) / count)]!));
  const indices = Array.from({ length }, (_, i) => i);
  return { train: indices.filter((i) => !chosen.has(i)), test: indices.filter((i) => chosen.has(i)) };
}
