/** Data for truncated back-propagation through time: streams side by side, an answer at every step, windows one after another. */

import { ConfigError, ShapeError } from "../errors.js";
import type { CompiledModel } from "../execution/compiled-model.js";
import type { Network } from "../execution/network.js";
import { isRecurrent } from "../layers/index.js";
import { counted } from "../options/index.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import {
  type BatchSource,
  type Examples,
  type FitOptions,
  type Rows,
  type WindowOptions,
  windowBatches,
} from "../training/index.js";

/** Streams, and their batches. */
export interface Streams {
  readonly examples: Examples;
  readonly training: BatchSource;
  readonly validation: BatchSource | undefined;
}

/**
 * Streams and their batches, and those of streams to validate on. A single stream is cut into `batchSize` pieces of equal length, which are read side by side; what is left over
 * at the end is not read.
 *
 * @throws ConfigError for a model whose states cannot be carried, or a loss of whole sequences; ShapeError unless there is an answer at every step
 */
export function prepareStreams(
  network: Network,
  compiled: CompiledModel,
  { examples: given, validation }: { readonly examples: Examples; readonly validation: Examples | undefined },
  truncate: WindowOptions,
  { batchSize = 32, shuffle = true, validationBatchSize = batchSize }: FitOptions,
): Streams {
  checkGoesOn(network);
  checkWindows(compiled);
  const length = checkLength(given);
  const examples = given.count === 1 && batchSize > 1 ? cutStream(given, length, batchSize) : given;
  const steps = given.count === 1 ? Math.floor(length / (given === examples ? 1 : batchSize)) : length;
  const { stride = truncate.window } = truncate;
  return {
    examples,
    training: windowBatches(examples.count, steps, batchSize, shuffle, truncate),
    validation: validation && evaluationWindows(network, compiled, validation, validationBatchSize, stride),
  };
}

/**
 * The windows of sequences in evaluation, `window` steps at a time.
 *
 * @throws as `prepareStreams`
 */
export function evaluationWindows(
  network: Network,
  compiled: CompiledModel,
  examples: Examples,
  batchSize: number,
  window: number,
): BatchSource {
  checkGoesOn(network);
  checkWindows(compiled);
  return windowBatches(examples.count, checkLength(examples), batchSize, false, { window });
}

/** Description of the windows in a checkpoint. */
export function describeWindows(options: WindowOptions | undefined): Record<string, string> {
  return options ? { truncate: `window ${options.window}, stride ${options.stride ?? options.window}` } : {};
}

function checkWindows({ outputs }: CompiledModel): void {
  const whole = outputs.find(({ loss }) => loss.sequences);
  if (!whole) return;
  throw new ConfigError(
    `truncate: the loss ${whole.loss.name} reads whole sequences, so it cannot be computed in windows. ` +
      "Give the layers a truncation instead: lstm(32, { truncation: { window, stride } }).",
  );
}

function checkGoesOn({ nodes }: Network): void {
  const given = nodes.find(({ layer, inputs }) => isRecurrent(layer.layer) && inputs.length > 1);
  if (!given) return;
  throw new ConfigError(
    `truncate: "${given.layer.layer.name}" is given its initial state by another layer, so its state cannot be carried from window to window. ` +
      "Give the layers themselves a truncation instead: lstm(32, { truncation: { window, stride } }).",
  );
}

/** The common number of steps of all data. */
function checkLength({ data }: Examples): number {
  const length = data.x!.shape[1]!;
  for (const [name, { shape }] of Object.entries(data)) {
    // A weight for all steps of a stream has no time.
    if (shape[1] === length || (name.startsWith("sampleWeight") && shape[1] === 1)) continue;
    throw new ShapeError(
      `truncate: ${name} is ${formatShape(shape)}, but x has ${counted(length, "step")}. Windows need inputs and answers at every step: ` +
        "returnSequences: true on every recurrent layer. For one answer at the end give the layers a truncation instead.",
    );
  }
  return length;
}

/** [1, length, …] → [count, ⌊length / count⌋, …] */
function cutStream({ data }: Examples, length: number, count: number): Examples {
  const steps = Math.floor(length / count);
  if (steps === 0) {
    throw new ConfigError(
      `truncate: a stream of ${counted(length, "step")} cannot be cut into ${count} that are read side by side; choose a smaller batchSize.`,
    );
  }
  const cut = ({ data, shape }: Rows): Rows => {
    // One weight for the whole stream is one for each of its pieces.
    if (shape[1] !== length) return { data: new Float64Array(count).fill(data[0]!), shape: [count, 1] };
    const rest = shape.slice(2);
    return { data: data.subarray(0, count * steps * sizeOf(rest)), shape: [count, steps, ...rest] };
  };
  return { count, data: Object.fromEntries(Object.entries(data).map(([name, rows]) => [name, cut(rows)])) };
}
