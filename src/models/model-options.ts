/** The options of a model's methods. */
import type { Engine } from "../engines/engine.js";
import type { TensorLike } from "../tensor/tensor.js";
import type { ProgressSink, FitOptions as TrainingOptions } from "../training/index.js";
import type { WeightOptions } from "./prepare-data.js";

/** Options every model takes. */
export interface ModelOptions {
  /** Default "sequential". */
  readonly name?: string;
  /** Seeds the initial weights; a random one if absent. */
  readonly seed?: number;
  /** What computes; default: the wasm engine. */
  readonly engine?: Engine;
}

/** What `fit` takes beside the data. */
export interface FitOptions extends TrainingOptions, WeightOptions {
  /** The last share of the examples, in 0 … 1, is held out; taken before any shuffling. */
  readonly validationSplit?: number;
  /** [x, y] or [x, y, sampleWeight]; goes before validationSplit. */
  readonly validationData?: readonly [TensorLike, TensorLike, TensorLike?];
  /** 0 silent, 1 a progress bar (the default), 2 one line per epoch. */
  readonly verbose?: 0 | 1 | 2;
  /** Where progress is written; default standard error. */
  readonly progress?: ProgressSink;
}

/** What `evaluate` and `predict` take. */
export interface BatchOptions {
  /** Examples at a time; default 32. It does not change the result. */
  readonly batchSize?: number;
}
