/** Entry point of training: options, checked once, and the run. */

import {
  aFunction,
  anObject,
  count,
  either,
  expecting,
  flag,
  integer,
  listOf,
  type OptionChecks,
  orNull,
  wholeNumber,
} from "../options/index.js";
import type { BatchFeed } from "./batch-feed.js";
import { type Callback, checkCallbacks } from "./callbacks.js";
import { checkFingerprint } from "./fingerprint.js";
import type { History } from "./history.js";
import type { Fingerprint, Trainable } from "./trainable.js";
import { TrainingRun } from "./training-run.js";
import {
  type CheckpointOptions,
  checkCheckpointOptions,
  checkTrainingState,
  type TrainingState,
} from "./training-state.js";

/** Options of a training of any model. */
export interface FitOptions {
  /** Examples per step; default 32. */
  readonly batchSize?: number;
  /** The index of the epoch before which training ends; default 1. */
  readonly epochs?: number;
  /**
   * Index of the first epoch; default 0. With the same seed, a training that continues at epoch n with the weights and the optimizer's state
   * from the end of epoch n − 1 ends with the same bits as an uninterrupted one. See `resume` for continuing within epochs.
   */
  readonly initialEpoch?: number;
  /** Whether every epoch has another order; default true. */
  readonly shuffle?: boolean;
  /** Seeds the order and the dropout's noise: the same seed gives the same bits. Default: drawn from the model's seed. */
  readonly seed?: number;
  readonly callbacks?: readonly Callback[];
  /** Ends training after the current step. The weights stay as that step left them, and `History.aborted` is true. */
  readonly signal?: { readonly aborted: boolean };
  /**
   * Whether a loss that is not finite ends training with an error that names the step, the layer and the likely cause, and restores the
   * weights from before the step that broke them; default true.
   */
  readonly terminateOnNaN?: boolean;
  /** Number of epochs between validations, or a list of the epochs (from 1) to validate after; default 1. */
  readonly validationFreq?: number | readonly number[];
  /** Default: batchSize. */
  readonly validationBatchSize?: number;
  /** Saves the training's state at intervals, for `resume`. */
  readonly checkpoint?: CheckpointOptions;
  /** A state that `checkpoint.save` received: continues from there, and ends with the same bits as an uninterrupted training. */
  readonly resume?: TrainingState | undefined;
  /** Further facts that a resumed training must share, such as the options of your program. */
  readonly fingerprint?: Fingerprint;
}

/** Checks of `FitOptions`. */
export const trainingOptions: OptionChecks<FitOptions> = {
  batchSize: count,
  epochs: count,
  initialEpoch: wholeNumber(0),
  shuffle: flag,
  seed: orNull(integer),
  // checkCallbacks has a better message for functions.
  callbacks: listOf("callbacks", either(anObject, aFunction), 0),
  signal: orNull(
    expecting(
      "an AbortSignal, such as new AbortController().signal",
      (value) => typeof value === "object" && value !== null && typeof (value as AbortSignal).aborted === "boolean",
    ),
  ),
  terminateOnNaN: flag,
  validationFreq: either(count, listOf("positive integers", count)),
  validationBatchSize: count,
  checkpoint: orNull(anObject),
  resume: orNull(anObject),
  fingerprint: anObject,
};

/** The data of a training. */
export interface Feeds {
  readonly training: BatchFeed;
  readonly validation?: BatchFeed | undefined;
}

/**
 * Trains on batches; validates on others where given.
 *
 * @param options checked already, against `trainingOptions`
 * @throws StateError for a checkpoint of another training, with the differences; TavaliError when
 *   the loss is not finite (`terminateOnNaN`)
 */
export async function fit(
  model: Trainable,
  { training: feed, validation }: Feeds,
  options: FitOptions,
): Promise<History> {
  const { epochs = 1, initialEpoch = 0, shuffle = true, validationFreq = 1, callbacks = [], resume } = options;
  checkCallbacks(callbacks);
  if (resume) checkTrainingState(resume, "fit, resume");
  const checkpoint = checkCheckpointOptions(options.checkpoint);
  const { batchSize = 32, validationBatchSize = batchSize } = options;
  const seed = options.seed ?? resume?.seed ?? Math.floor(Math.random() * 2 ** 32);
  const fingerprint: Fingerprint = {
    ...options.fingerprint,
    batchSize: String(batchSize),
    initialEpoch: String(initialEpoch),
    shuffle: String(shuffle),
    validationFreq: String(validationFreq),
    validationBatchSize: String(validationBatchSize),
    seed: String(seed),
    callbacks: callbacks.flatMap((one) => (one.state && !one.observes ? [String(one.name)] : [])).join(", ") || "none",
  };
  const whole = async () => ({
    ...fingerprint,
    ...feed.describe(""),
    ...validation?.describe("validation "),
    ...(await model.describe()),
  });
  const needed = resume !== undefined || checkpoint !== undefined;
  const described = needed ? await whole() : {};
  if (resume) checkFingerprint(resume.fingerprint, described);
  const run = new TrainingRun({
    model,
    feed,
    validation,
    callbacks,
    epochs,
    initialEpoch,
    validationFreq,
    seed,
    signal: options.signal,
    terminateOnNaN: options.terminateOnNaN ?? true,
    checkpoint,
    fingerprint: described,
  });
  return run.run(resume);
}
