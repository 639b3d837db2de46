/** Checks of the options of models and their methods. */
import { mostThreads } from "../engines/index.js";
import type { ModelState } from "../execution/model-state.js";
import {
  anObject,
  anything,
  checkOptions,
  count,
  expecting,
  integer,
  type NoOptions,
  nameText,
  type OptionChecks,
  oneOf,
  orNull,
  share,
  wholeNumber,
} from "../options/index.js";
import { trainingOptions } from "../training/index.js";
import type { CompileOptions } from "./compile-model.js";
import type { CustomObjects } from "./custom-objects.js";
import type { BatchOptions, EvaluateOptions, FitOptions, ModelOptions, PredictOptions } from "./model-options.js";
import type { WeightOptions } from "./prepare-weights.js";

export type { NoOptions };

export const modelOptions: OptionChecks<ModelOptions> = {
  name: nameText,
  seed: orNull(integer),
  engine: anObject,
  threads: (given) => wholeNumber(1, mostThreads())(given),
};

const compileChecks: OptionChecks<CompileOptions> = {
  optimizer: anything,
  loss: anything,
  lossWeights: anything,
  metrics: anything,
  weightedMetrics: anything,
};

const weightOptions: OptionChecks<WeightOptions> = { sampleWeight: anything, classWeight: anything };

const verbose = oneOf("auto", 0, 1, 2);

const fitOptions: OptionChecks<FitOptions> = {
  ...trainingOptions,
  ...weightOptions,
  validationSplit: share,
  validationData: anything,
  stepsPerEpoch: count,
  validationSteps: count,
  truncate: orNull(anObject),
  lengths: anything,
  verbose,
  progress: anObject,
};

const batchOptions: OptionChecks<BatchOptions> = { batchSize: count };

const predictOptions: OptionChecks<PredictOptions> = { ...batchOptions, steps: count };

const evaluateOptions: OptionChecks<EvaluateOptions> = {
  ...batchOptions,
  ...weightOptions,
  window: count,
  steps: count,
  verbose,
  progress: anObject,
};

const runOptions = { state: anything };

const streamOptions = { batch: count };

const trainOnBatchOptions = { ...weightOptions, seed: orNull(integer) };

const byName = expecting("an object with one for each name", (given) => {
  return typeof given === "object" && given !== null && !Array.isArray(given);
});
const customObjects: OptionChecks<CustomObjects> = { cells: byName, layers: byName, losses: byName, metrics: byName };

/** @throws ConfigError for a kind of object that configs do not name */
export function checkCustomObjects(owner: string, custom: CustomObjects): void {
  checkOptions(`${owner}: custom objects`, custom, customObjects);
}

/** The options of a model's methods, checked. */
export const checked = {
  compile: (options: CompileOptions) => checkOptions("compile", options, compileChecks, ["loss"]),
  fit: (options: FitOptions = {}) => checkOptions("fit", options, fitOptions),
  evaluate: (options: EvaluateOptions = {}) => checkOptions("evaluate", options, evaluateOptions),
  predict: (options: PredictOptions) => checkOptions("predict", options, predictOptions),
  /** All examples are one batch. */
  predictOnBatch: (options: NoOptions): BatchOptions => {
    checkOptions("predictOnBatch", options, {});
    return { batchSize: Number.MAX_SAFE_INTEGER };
  },
  run: (options: { readonly state?: ModelState | undefined }) => checkOptions("run", options, runOptions),
  stream: (options: { readonly batch?: number }) => checkOptions("stream", options, streamOptions),
  trainOnBatch: (options: WeightOptions & { readonly seed?: number }) =>
    checkOptions("trainOnBatch", options, trainOnBatchOptions),
  weights: (owner: string, options: WeightOptions) => checkOptions(owner, options, weightOptions),
};
