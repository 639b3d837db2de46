/** The options of a model's methods. */
import type { Engine } from "../engines/engine.js";
import type { ProgressSink, FitOptions as TrainingOptions, WindowOptions } from "../training/index.js";
import type { Batches } from "./batches.js";
import type { DataLike } from "./data-by-port.js";
import type { WeightOptions } from "./prepare-weights.js";

/** Options every model takes. */
export interface ModelOptions {
  /** Default "sequential" or "functional". */
  readonly name?: string;
  /** Seeds the initial weights; a random one if absent. */
  readonly seed?: number;
  /** What computes; default: the wasm engine. */
  readonly engine?: Engine;
  /** Threads that share the rows of a batch; default: what the engine has. Results depend on it by rounding only. */
  readonly threads?: number;
}

/** What `fit` takes beside the data. */
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
   * new steps, and their gradient reaches `window` steps back. States go on from window to window and begin anew at every epoch.
   * `batchSize` streams are read side by side; a single one is cut into so many. `shuffle` is about the order of streams, never of steps.
   * Streams to validate on are read `stride` steps at a time, whole and in their order.
   */
  readonly truncate?: WindowOptions;
  /**
   * How many steps of each example are not padding, where padding stands behind them. Batches are then of examples of similar length, and
   * read no further than the longest of theirs; masks and losses see the same steps as ever.
   */
  readonly lengths?: ArrayLike<number>;
  /** 0 silent; 1, which "auto" (the default) stands for, a progress bar; 2 one line per epoch. Where no bar can be drawn, 1 is as 2. */
  readonly verbose?: "auto" | 0 | 1 | 2;
  /** Where progress is written; default standard error. */
  readonly progress?: ProgressSink;
}

/** What `predict` takes. */
export interface BatchOptions {
  /** Examples at a time; default 32. It does not change the result. */
  readonly batchSize?: number;
}

/** Options of `predict`. */
export interface PredictOptions extends BatchOptions {
  /** Number of batches to read, for data in pieces; default: all. */
  readonly steps?: number;
}

/** What `evaluate` takes. */
export interface EvaluateOptions extends BatchOptions, WeightOptions {
  /**
   * Reads sequences with an answer at every step so many steps at a time, each part going on from the state of the one before: a long stream
   * then needs the memory of one part, and loses nothing of what came before.
   */
  readonly window?: number;
  /** Number of batches to read, for data in pieces; default: all. */
  readonly steps?: number;
  /** 0 silent (the default), 1 or "auto" a progress bar, 2 one line. */
  readonly verbose?: "auto" | 0 | 1 | 2;
  /** Where progress is written; default standard error. */
  readonly progress?: ProgressSink;
}
