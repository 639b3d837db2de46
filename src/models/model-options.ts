/** Options of a model's methods. */
import type { Engine } from "../engines/engine.js";
import type { ProgressSink, FitOptions as TrainingOptions, WindowOptions } from "../training/index.js";
import type { Batches } from "./batches.js";
import type { DataLike } from "./data-by-port.js";
import type { WeightOptions } from "./prepare-weights.js";

/** Options of every model. */
export interface ModelOptions {
  /** Default "sequential" or "functional". */
  readonly name?: string;
  /** Seeds the initial weights; a random one if absent. */
  readonly seed?: number;
  /** Engine that computes; default: the wasm engine. */
  readonly engine?: Engine;
  /** Threads that share the rows of a batch; default: the engine's number. Results depend on it by rounding only. */
  readonly threads?: number;
}

/** Options of `fit`. */
export interface FitOptions extends TrainingOptions, WeightOptions {
  /** The last share of the examples, in 0 … 1, is held out; taken before any shuffling. */
  readonly validationSplit?: number;
  /** [x, y] or [x, y, sampleWeight], or batches of them; takes precedence over validationSplit. */
  readonly validationData?: readonly [DataLike, DataLike, DataLike?] | Batches;
  /**
   * Number of batches of an epoch, for data in pieces: the next epoch continues where this one ended. Default: all of the data, which each epoch
   * reads anew.
   */
  readonly stepsPerEpoch?: number;
  /** Number of batches to validate on, where validationData comes in batches; default: all. */
  readonly validationSteps?: number;
  /**
   * Truncated back-propagation through time over long streams, [streams, length, …] with an answer at every step: each update brings `stride`
   * new steps, and their gradient reaches `window` steps back. States are carried from window to window and start fresh at every epoch.
   * `batchSize` streams are read side by side; a single one is cut into `batchSize` parts. `shuffle` changes the order of streams, never of steps.
   * Streams to validate on are read `stride` steps at a time, whole and in their order.
   */
  readonly truncate?: WindowOptions;
  /**
   * Number of steps of each example before its padding, which must be at the end. Batches are then of examples of similar length, and
   * are read only up to their longest example; masks and losses read the same steps as without it.
   */
  readonly lengths?: ArrayLike<number>;
  /** 0 silent; 1, the meaning of "auto" (the default), a progress bar; 2 one line per epoch. Where no bar can be drawn, 1 is like 2. */
  readonly verbose?: "auto" | 0 | 1 | 2;
  /** Output of progress; default standard error. */
  readonly progress?: ProgressSink;
}

/** Options of `predict`. */
export interface BatchOptions {
  /** Examples at a time; default 32. It does not change the result. */
  readonly batchSize?: number;
}

/** Options of `predict`. */
export interface PredictOptions extends BatchOptions {
  /** Number of batches to read, for data in pieces; default: all. */
  readonly steps?: number;
}

/** Options of `evaluate`. */
export interface EvaluateOptions extends BatchOptions, WeightOptions {
  /**
   * Number of steps read at a time, of sequences with an answer at every step; each part continues from the state of the one before. A long stream
   * then needs the memory of one part, and its results are those of the whole.
   */
  readonly window?: number;
  /** Number of batches to read, for data in pieces; default: all. */
  readonly steps?: number;
  /** 0 silent (the default), 1 or "auto" a progress bar, 2 one line. */
  readonly verbose?: "auto" | 0 | 1 | 2;
  /** Output of progress; default standard error. */
  readonly progress?: ProgressSink;
}
