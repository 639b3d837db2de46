/** Models. */

export type { LossTrace } from "../execution/loss-trace.js";
export type { ModelState, StateTensor } from "../execution/model-state.js";
export type { NetworkInput } from "../execution/network.js";
export type { Parameter } from "../execution/network-weights.js";
export type { OptimizerState } from "../execution/optimizer-state.js";
export type { MaskedTensor, Prediction } from "../execution/predict-batches.js";
export type { RunResult } from "../execution/state-session.js";
export type { Batches, BatchLike } from "./batches.js";
export type { CompileOptions, MetricsLike, PerOutput } from "./compile-model.js";
export type { CompileConfig, FunctionalConfig, ModelConfig, SequentialConfig, ValueConfig } from "./config.js";
export { modelConfigSchema } from "./config-schema.js";
export type { CustomObjects } from "./custom-objects.js";
export { type DataLike, tensorsByName } from "./data-by-port.js";
export { expectModel } from "./expect-model.js";
export { Functional, functional, functionalFromConfig, type ModelEndpoints, model } from "./functional.js";
export type { SymbolicTensors } from "./graph.js";
export { Model } from "./model.js";
export { cloneModel, modelFromConfig, weightsOfConfig } from "./model-from-config.js";
export type { BatchOptions, EvaluateOptions, FitOptions, ModelOptions, PredictOptions } from "./model-options.js";
export type { ModelStream } from "./model-stream.js";
export { NetworkModel } from "./network-model.js";
export { checkCustomObjects } from "./option-checks.js";
export type { ClassWeight, WeightOptions } from "./prepare-weights.js";
export { Sequential, sequential, sequentialFromConfig } from "./sequential.js";
export type { SummaryOptions } from "./summary.js";
