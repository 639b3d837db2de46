/**
 * Batches of truncated back-propagation through time over long streams: consecutive windows, each continuing from the last state of the
 * window before (Williams & Peng 1990, BPTT(window; stride)). The losses of one stride are computed at a time, and their gradient reaches
 * back to the window's first step.
 */

import { checkWindow } from "../options/index.js";
import { type BatchSource, drawEpoch, type TimeWindow } from "./batches.js";

/** Options of truncated back-propagation, in steps. */
export interface WindowOptions {
  /** Number of steps that are read at a time: the greatest distance that gradients reach back. */
  readonly window: number;
  /** Number of new steps for each update; at most `window`, which is the default. */
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
  // Streams without steps have one window of none, so that whoever reads them hears of every number.
  return Array.from({ length: Math.max(1, Math.ceil(length / stride)) }, (_, stretch) => {
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
 * @param batchSize number of streams that are read in parallel
 * @param shuffle whether every epoch groups the streams differently; the steps of a stream stay in their order
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
