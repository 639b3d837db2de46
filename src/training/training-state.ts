/** Training state: everything needed to resume a training, in this process or in another, with equal bits. */
import {
  aFunction,
  anObject,
  checkOptions,
  flag,
  notNegative,
  type OptionChecks,
  wholeNumber,
} from "../options/index.js";
import {
  anyNumber,
  anything,
  checkSchema,
  fields,
  is,
  list,
  mapOf,
  record,
  type Schema,
  tensor,
  text,
} from "../schema/index.js";
import type { NumericArray, Tensor } from "../tensor/tensor.js";
import type { Logs, RunningTotals } from "./logs.js";
import type { Fingerprint, Snapshot } from "./trainable.js";

/** Plain data: numbers of any kind, strings, lists, objects, arrays of numbers, tensors, and maps of them. */
export type StateValue =
  | number
  | string
  | boolean
  | null
  | undefined
  | NumericArray
  | Tensor
  | readonly StateValue[]
  | ReadonlyMap<string, StateValue>
  | { readonly [name: string]: StateValue };

/** The state of each callback, by its name. */
export interface CallbackState {
  readonly name: string;
  readonly state: StateValue;
}

/** The state of a training between two steps. `fit` passes it to `checkpoint.save` and takes it as `resume`. */
export interface TrainingState {
  /** The current epoch, from 0. */
  readonly epoch: number;
  /** Number of its batches that are done. */
  readonly batch: number;
  /** Seeds the order of the data and the dropout's noise of every later step. */
  readonly seed: number;
  /** The state of the model's random numbers. */
  readonly randomState: readonly number[];
  /** Facts that a resumed training must share with this one, as text. */
  readonly fingerprint: Fingerprint;
  /** Whether a callback has ended the training. */
  readonly stopped: boolean;
  readonly learningRate: number;
  /** Sums over the epoch's batches so far. */
  readonly totals: RunningTotals;
  /** The numbers last reported. */
  readonly logs: Logs;
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Indices of the epochs in `history`. */
  readonly epochs: readonly number[];
  readonly callbacks: readonly CallbackState[];
  /** Weights, the optimizer's state, carried states. */
  readonly variables: Snapshot;
}

const mostSteps = 2 ** 40;
const counter = is(wholeNumber(0, mostSteps));
const word = is(wholeNumber(0, 2 ** 32 - 1));

const trainingState: Schema = fields({
  epoch: counter,
  batch: counter,
  seed: is(wholeNumber(Number.MIN_SAFE_INTEGER)),
  randomState: list(word, { least: 4, most: 4 }),
  fingerprint: record(text()),
  stopped: is(flag),
  learningRate: is(notNegative),
  totals: list(fields({ name: text({ least: 1 }), sums: list(anyNumber, { least: 1 }) })),
  logs: record(anyNumber),
  history: record(list(anyNumber)),
  epochs: list(counter),
  callbacks: list(fields({ name: text(), state: anything })),
  variables: mapOf(tensor),
});

/**
 * Checks that a value is the state of a training.
 *
 * @param name of the file, for messages
 * @throws FormatError with the path of the wrong field and the expected type
 */
export function checkTrainingState(state: unknown, name: string, hint = advice): asserts state is TrainingState {
  checkSchema(state, trainingState, { name, what: "the training's state", advice: hint });
}

const advice = "Use an older checkpoint, or train from the beginning.";

/**
 * Checks the state of a callback.
 *
 * @param callback its name, for messages
 * @throws FormatError with the path of the wrong field and the expected type
 */
export function checkedMemory<Memory>(callback: string, memory: unknown, schema: Schema): Memory {
  checkSchema(memory, schema, { name: `The checkpoint's ${callback}`, what: "state", advice });
  return memory as Memory;
}

/** The schedule and the destination of checkpoints. */
export interface CheckpointOptions {
  /** Receives the state; training waits for it. `saveCheckpoint` of `tavali/formats` writes it to a folder. */
  save(state: TrainingState): void | Promise<void>;
  /**
   * Number of epochs, steps or seconds since the last checkpoint, whichever comes first; default: every epoch. The state is also saved when a
   * signal ends the training.
   */
  readonly every?: { readonly epochs?: number; readonly steps?: number; readonly seconds?: number };
}

const checkpointOptions: OptionChecks<CheckpointOptions> = { save: aFunction, every: anObject };

/** The options, where there are any. @throws ConfigError unless there is a function that saves, and for unknown names */
export function checkCheckpointOptions(given: CheckpointOptions | null | undefined): CheckpointOptions | undefined {
  return given ? checkOptions("fit: checkpoint", given, checkpointOptions, ["save"]) : undefined;
}
