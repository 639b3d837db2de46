/** Training: the loop, and what can be hung into it. */
export type { Callback, TrainingControl } from "./callbacks.js";
export { type EarlyStoppingOptions, earlyStopping } from "./early-stopping.js";
export { breather, evaluate, type FitOptions, fit } from "./fit.js";
export type { History } from "./history.js";
export { type Logs, validationName } from "./logs.js";
export { type ProgressSink, progressCallback } from "./progress.js";
export type { Examples, Rows, Snapshot, StepTotals, Trainable } from "./trainable.js";
