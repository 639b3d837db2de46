/** Batches of sequences of similar length, for data that is padded at the end. */
import { ConfigError } from "../errors.js";
import { type BatchSource, checkCount, type Examples, lengthBatches } from "../training/index.js";
import type { FitOptions } from "./model-options.js";

/**
 * @returns batches for `fit` by the lengths of its options
 * @throws ConfigError unless there is a length for each example, and no window is asked for
 */
export function prepareLengths({ count, data }: Examples, options: FitOptions): { readonly training: BatchSource } {
  const { lengths = [], shuffle = true, truncate } = options;
  const batchSize = checkCount("fit", "batchSize", options.batchSize ?? 32);
  if (truncate) {
    throw new ConfigError("fit: truncate and lengths cannot be combined; windows read streams to their end.");
  }
  if (lengths.length !== count) {
    throw new ConfigError(`fit: there are ${count} examples, but lengths has ${lengths.length}; give one for each.`);
  }
  return { training: lengthBatches(lengths, data.x!.shape[1]!, batchSize, shuffle) };
}
