/** Training: the loop, and what can be hung into it. */
export { type Batch, type BatchSource, exampleBatches, naturalOrder } from "./batches.js";
export { breather } from "./breather.js";
export type { Callback, EpochEndResult, TrainingControl } from "./callbacks.js";
export { checkCount } from "./check-count.js";
export { type EarlyStoppingOptions, earlyStopping } from "./early-stopping.js";
export { evaluate } from "./evaluate.js";
export { checksum } from "./fingerprint.js";
export { type FitOptions, fit } from "./fit.js";
export type { History } from "./history.js";
export { type Logs, RunningLogs, type RunningTotals, validationName } from "./logs.js";
export type { MonitorOptions } from "./monitor.js";
export { type ProgressSink, progressCallback, progressLine } from "./progress.js";
export type { Examples, Fingerprint, Rows, Snapshot, StepTotals, Trainable } from "./trainable.js";
export type { CallbackState, CheckpointOptions, StateValue, TrainingState } from "./training-state.js";
