/**
 * Batches of sequences of similar length. Each batch is read up to the length of its longest sequence, so no time is spent on padding that
 * all of them share.
 */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { Random } from "../tensor/random.js";
import { type BatchSource, drawEpoch } from "./batches.js";

// A program is compiled for every number of steps: rounding keeps them few, and adds at most three steps of padding.
const GRAIN = 4;

/**
 * Every example once in each epoch, in batches of similar length; every epoch draws the batches and their order.
 *
 * @param lengths number of steps of each example without padding; padding is at the end
 * @param total number of steps of the data
 * @throws ConfigError for a length that is not a whole number from 0 to `total`
 */
export function lengthBatches(
  lengths: ArrayLike<number>,
  total: number,
  batchSize: number,
  shuffle: boolean,
): BatchSource {
  const count = lengths.length;
  for (let i = 0; i < count; i++) {
    const length = lengths[i]!;
    if (Number.isInteger(length) && length >= 0 && length <= total) continue;
    throw new ConfigError(`fit: lengths[${i}] is ${formatValue(length)}; expected a whole number from 0 to ${total}.`);
  }
  const steps = Math.ceil(count / batchSize);
  const needed = (row: number) => Math.min(total, Math.max(GRAIN, Math.ceil(lengths[row]! / GRAIN) * GRAIN));
  return {
    steps,
    epoch(seed, epoch) {
      const { order, noises } = drawEpoch(seed, epoch, { count, steps, shuffle });
      // Sorting keeps the drawn order of equal lengths.
      const sorted = Uint32Array.from(Array.from(order).sort((a, b) => needed(a) - needed(b)));
      const places = shuffle && steps > 0 ? new Random(noises[0]!).permutation(steps) : undefined;
      return (batch) => {
        const place = places ? places[batch]! : batch;
        const rows = sorted.subarray(place * batchSize, (place + 1) * batchSize);
        return { rows, noise: noises[batch]!, span: { length: total, steps: needed(rows.at(-1)!) } };
      };
    },
  };
}
