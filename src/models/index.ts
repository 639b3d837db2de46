/** Models. */

export type { CompileOptions, MetricsLike, PerOutput } from "./compile-model.js";
export type { CompileConfig, FunctionalConfig, ModelConfig, SequentialConfig, ValueConfig } from "./config.js";
export { modelConfigSchema } from "./config-schema.js";
export type { CustomObjects } from "./custom-objects.js";
export { type DataLike, tensorsByName } from "./data-by-port.js";
export { expectModel } from "./expect-model.js";
export { Functional, functional, functionalFromConfig, type ModelBorders, model } from "./functional.js";
export type { SymbolicTensors } from "./graph.js";
export type { LossTrace } from "./loss-trace.js";
export { Model } from "./model.js";
export { modelFromConfig, weightsOfConfig } from "./model-from-config.js";
export type { BatchOptions, EvaluateOptions, FitOptions, ModelOptions } from "./model-options.js";
export type { ModelState, StateTensor } from "./model-state.js";
export type { ModelStream } from "./model-stream.js";
export type { NetworkInput } from "./network.js";
export { NetworkModel } from "./network-model.js";
export type { Parameter } from "./network-weights.js";
export type { OptimizerState } from "./optimizer-state.js";
export { checkCustomObjects } from "./option-checks.js";
export type { MaskedTensor, Prediction } from "./predict-batches.js";
export type { ClassWeight, WeightOptions } from "./prepare-weights.js";
export { Sequential, sequential, sequentialFromConfig } from "./sequential.js";
export type { RunResult } from "./state-session.js";
export type { SummaryOptions } from "./summary.js";
