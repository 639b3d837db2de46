/**
 * Batches of sequences of similar length, which are read no further than the longest of them has steps: time is not spent on padding that
 * all of them have.
 */
import { ConfigError } from "../errors.js";
import { Random } from "../tensor/random.js";
import { type BatchSource, drawEpoch } from "./batches.js";

// A program is compiled for every number of steps; of these there are few enough, and at most three steps of padding are read.
const GRAIN = 4;

/**
 * All examples once an epoch, in batches of neighbours by length; which are neighbours, and the order of the batches, is drawn anew.
 *
 * @param lengths how many steps of each example are not padding; padding stands behind them
 * @param whole number of steps that the data have
 * @throws ConfigError for a length that is no whole number from 0 to `whole`
 */
export function lengthBatches(
  lengths: ArrayLike<number>,
  whole: number,
  batchSize: number,
  shuffle: boolean,
): BatchSource {
  const count = lengths.length;
  for (let i = 0; i < count; i++) {
    const length = lengths[i]!;
    if (Number.isInteger(length) && length >= 0 && length <= whole) continue;
    throw new ConfigError(`fit: lengths[${i}] is ${length}; expected a whole number from 0 to ${whole}.`);
  }
  const steps = Math.ceil(count / batchSize);
  const needed = (row: number) => Math.min(whole, Math.max(GRAIN, Math.ceil(lengths[row]! / GRAIN) * GRAIN));
  return {
    steps,
    epoch(seed, epoch) {
      const { order, noises } = drawEpoch(seed, epoch, { count, steps, shuffle });
      // Sorting keeps the drawn order among equals.
      const sorted = Uint32Array.from(Array.from(order).sort((a, b) => needed(a) - needed(b)));
      const places = shuffle && steps > 0 ? new Random(noises[0]!).permutation(steps) : undefined;
      return (batch) => {
        const place = places ? places[batch]! : batch;
        const rows = sorted.subarray(place * batchSize, (place + 1) * batchSize);
        return { rows, noise: noises[batch]!, span: { length: whole, steps: needed(rows.at(-1)!) } };
      };
    },
  };
}
