/** A training as a value: all it takes to go on, in this process or in another, with the bits it would have had. */
import { flag, notNegative, wholeNumber } from "../options/index.js";
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

/** What a callback remembers, under its name. */
export interface CallbackState {
  readonly name: string;
  readonly state: StateValue;
}

/** Where a training is between two steps. `fit` gives it to `checkpoint.save` and takes it as `resume`. */
export interface TrainingState {
  /** The epoch under way, from 0. */
  readonly epoch: number;
  /** How many of its batches are done. */
  readonly batch: number;
  /** Seeds the order of the data and the dropout's noise of every step to come. */
  readonly seed: number;
  /** The model's own source of random numbers. */
  readonly randomState: readonly number[];
  /** What a training that goes on must have in common with this one, in words. */
  readonly fingerprint: Fingerprint;
  /** Whether a callback has ended the training. */
  readonly stopped: boolean;
  readonly learningRate: number;
  /** Sums over the epoch's batches so far. */
  readonly totals: RunningTotals;
  /** The numbers last reported. */
  readonly logs: Logs;
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Numbers of the epochs in `history`. */
  readonly epochs: readonly number[];
  readonly callbacks: readonly CallbackState[];
  /** Weights, the optimizer's memory, carried state. */
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
 * Refuses what is no training's state, whoever wrote it.
 *
 * @param name of the file, for messages
 * @throws FormatError naming the place and what is expected there
 */
export function checkTrainingState(state: unknown, name: string, remedy = advice): asserts state is TrainingState {
  checkSchema(state, trainingState, { name, what: "the training's state", advice: remedy });
}

const advice = "Use an older checkpoint, or train from the beginning.";

/**
 * What a callback remembered, checked.
 *
 * @param callback its name, for messages
 * @throws FormatError naming the place and what is expected there
 */
export function checkedMemory<Memory>(callback: string, memory: unknown, schema: Schema): Memory {
  checkSchema(memory, schema, { name: `The checkpoint's ${callback}`, what: "state", advice });
  return memory as Memory;
}

/** When `fit` gives its state away, and to whom. */
export interface CheckpointOptions {
  /** Receives the state; training waits for it. `saveCheckpoint` of `tavali/formats` writes it to a folder. */
  save(state: TrainingState): void | Promise<void>;
  /**
   * After so many epochs, steps or seconds since the last time, whichever comes first; default after every epoch. It is also given away when
   * a signal ends the training.
   */
  readonly every?: { readonly epochs?: number; readonly steps?: number; readonly seconds?: number };
}
