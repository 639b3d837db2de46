/** Models. */

export type { CompileOptions } from "./compile-model.js";
export type { CompileConfig, SequentialConfig } from "./config.js";
export { Model } from "./model.js";
export type { BatchOptions, EvaluateOptions, FitOptions, ModelOptions } from "./model-options.js";
export type { OptimizerState } from "./optimizer-state.js";
export type { ClassWeight, WeightOptions } from "./prepare-data.js";
export { Sequential, sequential, sequentialFromConfig } from "./sequential.js";
export type { SummaryOptions } from "./summary.js";
