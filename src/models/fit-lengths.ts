/** Batches of sequences of similar length, for data that is padded at the end. */
import { ConfigError } from "../errors.js";
import type { Network } from "../execution/network.js";
import { warnOnce } from "../layers/index.js";
import { anything, checkOption, counted, listOf } from "../options/index.js";
import { type BatchSource, type Examples, lengthBatches } from "../training/index.js";
import type { FitOptions } from "./model-options.js";

/**
 * @param examples to train on: the first of those given to `fit`
 * @param given number of examples given to `fit`
 * @returns batches for `fit` by the lengths of its options
 * @param network warned of, once, where nothing in it masks padding
 * @throws ConfigError unless there is a length for each example given, and no window
 */
export function prepareLengths(
  { count, data }: Examples,
  given: number,
  options: FitOptions,
  network: Network,
): { readonly training: BatchSource } {
  const { batchSize = 32, lengths = [], shuffle = true, truncate } = options;
  if (truncate) {
    throw new ConfigError("fit: truncate and lengths cannot be combined; windows read streams to their end.");
  }
  checkOption("fit", "lengths", lengths, listOf("whole numbers", anything, 0));
  if (lengths.length !== given) {
    throw new ConfigError(
      `fit: there ${given === 1 ? "is" : "are"} ${counted(given, "example")}, but lengths has ${lengths.length}; give one for each.`,
    );
  }
  if (!network.layers.some(({ layer }) => layer.masking === "makes")) {
    warnOnce(
      network,
      "fit: lengths gives the steps before padding, but no layer masks padding, so results depend on how far a batch is read. " +
        "Begin with masking() or embedding(…, { maskZero: true }), or leave lengths out.",
    );
  }
  const kept = Array.from({ length: count }, (_, i) => lengths[i]!);
  return { training: lengthBatches(kept, data.x!.shape[1]!, batchSize, shuffle) };
}
