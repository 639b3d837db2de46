/** Training: the loop, and what can be hung into it. */
export { breather } from "./breather.js";
export type { Callback, TrainingControl } from "./callbacks.js";
export { type EarlyStoppingOptions, earlyStopping } from "./early-stopping.js";
export { checkCount, evaluate, type FitOptions, fit } from "./fit.js";
export type { History } from "./history.js";
export { type Logs, RunningLogs, validationName } from "./logs.js";
export { type ProgressSink, progressCallback, progressLine } from "./progress.js";
export type { Examples, Rows, Snapshot, StepTotals, Trainable } from "./trainable.js";
