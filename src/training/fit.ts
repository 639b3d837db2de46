/** The training loop: epochs, batches in a seeded order, validation, callbacks. */
import { ConfigError, TavaliError } from "../errors.js";
import { Random } from "../tensor/random.js";
import { breather } from "./breather.js";
import type { Callback, TrainingControl } from "./callbacks.js";
import { type History, HistoryRecorder } from "./history.js";
import { type Logs, RunningLogs, validationLogs } from "./logs.js";
import type { Examples, Snapshot, Trainable } from "./trainable.js";

export interface FitOptions {
  /** Examples per step; default 32. */
  readonly batchSize?: number;
  /** Number of the epoch to end before; default 1. */
  readonly epochs?: number;
  /**
   * Number of the first epoch; default 0. Given the same seed, going on at epoch n with the weights and the optimizer's state from the end
   * of epoch n − 1 ends with the same bits as never having stopped.
   */
  readonly initialEpoch?: number;
  /** Whether every epoch has an order of its own; default true. */
  readonly shuffle?: boolean;
  /** Seeds the order and the dropout's noise: the same seed gives the same bits. Default: drawn from the model's seed. */
  readonly seed?: number;
  readonly callbacks?: readonly Callback[];
  /** Ends training after the current step. The weights stay as that step left them, and `History.aborted` is true. */
  readonly signal?: { readonly aborted: boolean };
  /** Validate every so many epochs, or after the epochs (from 1) in a list; default 1. */
  readonly validationFreq?: number | readonly number[];
  /** Default: batchSize. */
  readonly validationBatchSize?: number;
}

/**
 * Trains on `examples`; validates on `validation` where given.
 *
 * @throws ConfigError for counts that are not whole; TavaliError when the loss is not a number any more: the weights are then those from
 *   before the epoch
 */
export async function fit(
  model: Trainable,
  examples: Examples,
  validation: Examples | undefined,
  options: FitOptions,
): Promise<History> {
  const { epochs = 1, initialEpoch = 0, shuffle = true, signal, validationFreq = 1 } = options;
  const batchSize = checkCount("fit", "batchSize", options.batchSize ?? 32);
  const validationBatchSize = checkCount("fit", "validationBatchSize", options.validationBatchSize ?? batchSize);
  checkCount("fit", "epochs", epochs);
  checkCount("fit", "initialEpoch", initialEpoch, 0);
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
  const recorder = new HistoryRecorder();
  const callbacks: readonly Callback[] = [...(options.callbacks ?? []), recorder];
  const control: TrainingControl = {
    model,
    stopTraining: false,
    epochs,
    steps: Math.ceil(examples.count / batchSize),
    validates: validation !== undefined,
  };
  const ended = () => control.stopTraining || signal?.aborted === true;
  const breathe = breather();
  let logs: Logs = {};

  const runEpoch = async (epoch: number, before: Snapshot): Promise<void> => {
    const random = new Random(epochSeed(seed, epoch));
    const order = shuffle ? random.permutation(examples.count) : naturalOrder(examples.count);
    const running = new RunningLogs();
    for (let batch = 0; batch < control.steps && !ended(); batch++) {
      for (const callback of callbacks) await callback.onBatchBegin?.(batch, control);
      const rows = order.subarray(batch * batchSize, (batch + 1) * batchSize);
      const totals = await model.trainStep(examples, rows, random.bits());
      if (!Number.isFinite(totals.loss)) {
        await model.restore(before);
        throw lostLoss(totals.loss, epoch, batch, model.learningRate);
      }
      running.add(totals);
      logs = running.logs();
      for (const callback of callbacks) await callback.onBatchEnd?.(batch, logs, control);
      await breathe();
    }
  };

  try {
    for (const callback of callbacks) await callback.onTrainBegin?.(control);
    for (let epoch = initialEpoch; epoch < epochs && !ended(); epoch++) {
      const before = await model.snapshot();
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, control);
      await runEpoch(epoch, before);
      if (signal?.aborted) break;
      if (validation && validates(epoch, validationFreq)) {
        const judged = await evaluate(model, validation, validationBatchSize, { signal });
        if (signal?.aborted) break;
        logs = { ...logs, ...validationLogs(judged) };
      }
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, control);
    }
  } finally {
    for (const callback of callbacks) await callback.onTrainEnd?.(logs, control);
  }
  return { history: recorder.history, epoch: recorder.epoch, aborted: signal?.aborted === true };
}

interface EvaluationOptions {
  /** Hears of every step: the number of steps done, and the numbers so far. */
  readonly onBatch?: (done: number, logs: Logs) => void;
  /** Cuts the evaluation short; what comes back is then of the examples seen. */
  readonly signal?: { readonly aborted: boolean };
}

/** Loss and metrics over all examples, in inference mode. */
export async function evaluate(
  model: Pick<Trainable, "testStep">,
  examples: Examples,
  batchSize: number,
  { onBatch, signal }: EvaluationOptions = {},
): Promise<Logs> {
  checkCount("evaluate", "batchSize", batchSize);
  const running = new RunningLogs();
  const order = naturalOrder(examples.count);
  const breathe = breather();
  for (let first = 0, done = 1; first < examples.count && !signal?.aborted; first += batchSize, done++) {
    running.add(await model.testStep(examples, order.subarray(first, first + batchSize)));
    onBatch?.(done, running.logs());
    await breathe();
  }
  return running.logs();
}

function naturalOrder(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}

function validates(epoch: number, frequency: number | readonly number[]): boolean {
  return typeof frequency === "number" ? (epoch + 1) % frequency === 0 : frequency.includes(epoch + 1);
}

/** Every epoch has a seed of its own, so that an epoch's order and noise do not depend on the epochs before it. */
function epochSeed(seed: number, epoch: number): number {
  return new Random(new Random(seed).bits() ^ epoch).bits();
}

/** @throws ConfigError unless the value is a whole number of at least `least` */
export function checkCount(operation: string, name: string, value: number, least = 1): number {
  if (!Number.isInteger(value) || value < least) {
    throw new ConfigError(`${operation}: ${name} must be a whole number of at least ${least}, received ${value}.`);
  }
  return value;
}

function lostLoss(loss: number, epoch: number, batch: number, learningRate: number): TavaliError {
  return new TavaliError(
    `fit: the loss became ${loss} in epoch ${epoch + 1}, step ${batch + 1}. The weights are back to those from before this epoch. ` +
      "Gradients of recurrent networks can explode: clip them, such as rmsprop({ globalClipnorm: 1 }), " +
      `or lower the learning rate, which is ${learningRate}.`,
  );
}
