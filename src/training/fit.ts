/** The training loop: epochs, batches in a seeded order, validation, callbacks. */
import { ConfigError, TavaliError } from "../errors.js";
import { Random } from "../tensor/random.js";
import type { Callback, TrainingControl } from "./callbacks.js";
import { type History, HistoryRecorder } from "./history.js";
import { type Logs, RunningLogs, validationLogs } from "./logs.js";
import type { Examples, StepTotals, Trainable } from "./trainable.js";

export interface FitOptions {
  /** Examples per step; default 32. */
  readonly batchSize?: number;
  /** Number of the epoch to end before; default 1. */
  readonly epochs?: number;
  /** Number of the first epoch; default 0. */
  readonly initialEpoch?: number;
  /** Whether every epoch has an order of its own; default true. */
  readonly shuffle?: boolean;
  /** Seeds the order and the dropout's noise: the same seed gives the same bits. Default: a random one. */
  readonly seed?: number;
  readonly callbacks?: readonly Callback[];
  /** Ends training after the current step. The weights stay as that step left them, and `History.aborted` is true. */
  readonly signal?: { readonly aborted: boolean };
  /** Validate every so many epochs, or after the epochs (from 1) in a list; default 1. */
  readonly validationFreq?: number | readonly number[];
  /** Default: batchSize. */
  readonly validationBatchSize?: number;
}

/** Other work gets a turn this often, in milliseconds. */
const BREATH = 40;

/**
 * Trains on `examples`; validates on `validation` where given.
 *
 * @throws TavaliError when the loss is not a number any more; the weights are then those from before the epoch
 */
export async function fit(
  model: Trainable,
  examples: Examples,
  validation: Examples | undefined,
  options: FitOptions,
): Promise<History> {
  const { epochs = 1, initialEpoch = 0, shuffle = true, signal } = options;
  const batchSize = checkCount("batchSize", options.batchSize ?? 32);
  checkCount("epochs", epochs);
  const random = new Random(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  const recorder = new HistoryRecorder();
  const callbacks: readonly Callback[] = [...(options.callbacks ?? []), recorder];
  const control: TrainingControl = { model, stopTraining: false, epochs, steps: Math.ceil(examples.count / batchSize) };
  const breathe = breather();
  const ended = () => control.stopTraining || signal?.aborted === true;
  let logs: Logs = {};

  for (const callback of callbacks) await callback.onTrainBegin?.(control);
  try {
    for (let epoch = initialEpoch; epoch < epochs && !ended(); epoch++) {
      const before = await model.snapshot();
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, control);
      const running = new RunningLogs();
      const order = shuffle
        ? random.permutation(examples.count)
        : Uint32Array.from({ length: examples.count }, (_, i) => i);
      for (let batch = 0; batch < control.steps && !ended(); batch++) {
        const rows = order.subarray(batch * batchSize, (batch + 1) * batchSize);
        const totals = await model.trainStep(examples, rows, random.bits());
        if (!Number.isFinite(totals.loss)) {
          await model.restore(before);
          throw lostLoss(totals.loss, epoch, batch);
        }
        running.add(totals);
        logs = running.logs();
        for (const callback of callbacks) await callback.onBatchEnd?.(batch, logs, control);
        await breathe();
      }
      if (signal?.aborted) break;
      if (validation && validates(epoch, options.validationFreq ?? 1)) {
        const valBatch = options.validationBatchSize ?? batchSize;
        logs = { ...logs, ...validationLogs(await evaluate(model, validation, valBatch)) };
      }
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, control);
    }
  } finally {
    for (const callback of callbacks) await callback.onTrainEnd?.(logs, control);
  }
  return { history: recorder.history, epoch: recorder.epoch, aborted: signal?.aborted === true };
}

/** Loss and metrics over all examples, in inference mode. `onBatch` hears of every step. */
export async function evaluate(
  model: Pick<Trainable, "testStep">,
  examples: Examples,
  batchSize: number,
  onBatch?: (done: number, totals: StepTotals) => void,
): Promise<Logs> {
  checkCount("batchSize", batchSize);
  const running = new RunningLogs();
  const breathe = breather();
  for (let first = 0; first < examples.count; first += batchSize) {
    const length = Math.min(batchSize, examples.count - first);
    const totals = await model.testStep(
      examples,
      Uint32Array.from({ length }, (_, i) => first + i),
    );
    running.add(totals);
    onBatch?.(first + length, totals);
    await breathe();
  }
  return running.logs();
}

function validates(epoch: number, frequency: number | readonly number[]): boolean {
  return typeof frequency === "number" ? (epoch + 1) % frequency === 0 : frequency.includes(epoch + 1);
}

/** Waits for the event loop's next turn when the last one was long ago. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < BREATH) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        last = performance.now();
        resolve();
      }, 0);
    });
  };
}

/** @throws ConfigError unless the value is a positive integer */
export function checkCount(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) {
    throw new ConfigError(`fit: ${name} must be a positive whole number, received ${value}.`);
  }
  return value;
}

function lostLoss(loss: number, epoch: number, batch: number): TavaliError {
  return new TavaliError(
    `fit: the loss became ${loss} in epoch ${epoch + 1}, step ${batch + 1}. The weights are back to those from before this epoch. ` +
      "Gradients of recurrent networks can explode: clip them, such as rmsprop({ globalClipnorm: 1 }), or lower the learning rate.",
  );
}
