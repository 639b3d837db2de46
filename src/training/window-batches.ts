/**
 * Batches of truncated back-propagation through time over long streams: windows that follow one another, each going on from the state that
 * the one before it left (Williams & Peng 1990, BPTT(window; stride)). The losses of one stride are computed at a time, and their gradient
 * reaches back to the window's first step.
 */

import { checkWindow } from "../options/index.js";
import { type BatchSource, drawEpoch, type TimeWindow } from "./batches.js";

/** How far gradients reach, in steps. */
export interface WindowOptions {
  /** How many steps are read at a time: the losses of the last ones send their gradient so far back. */
  readonly window: number;
  /** How many new steps each update brings; at most `window`, which is the default. */
  readonly stride?: number;
}

/**
 * The windows of a stream.
 *
 * @param length number of steps of the stream
 * @throws ConfigError unless window ≥ stride ≥ 1 are whole numbers
 */
export function windowsOf(length: number, options: WindowOptions): TimeWindow[] {
  const { window, stride } = checkWindow("truncate", options);
  const firstOf = (stretch: number) => Math.max(0, (stretch + 1) * stride - window);
  return Array.from({ length: Math.ceil(length / stride) }, (_, stretch) => {
    const first = firstOf(stretch);
    const end = Math.min(length, (stretch + 1) * stride);
    const kept = end === length ? 0 : firstOf(stretch + 1) - first;
    return { length, first, steps: end - first, lossSteps: end - stretch * stride, kept };
  });
}

/**
 * All windows of some streams, then of the next ones.
 *
 * @param count number of streams
 * @param batchSize how many are read side by side
 * @param shuffle whether every epoch puts other streams side by side; the steps of a stream stay in their order
 */
export function windowBatches(
  count: number,
  length: number,
  batchSize: number,
  shuffle: boolean,
  options: WindowOptions,
): BatchSource {
  const windows = windowsOf(length, options);
  const steps = Math.ceil(count / batchSize) * windows.length;
  return {
    steps,
    epoch(seed, epoch) {
      const { order, noises } = drawEpoch(seed, epoch, { count, steps, shuffle });
      return (batch) => {
        const group = Math.floor(batch / windows.length);
        const rows = order.subarray(group * batchSize, (group + 1) * batchSize);
        return { rows, noise: noises[batch]!, window: windows[batch % windows.length]! };
      };
    },
  };
}
