/** Training: the loop and its callbacks. */
export { arrayFeed, type BatchFeed, type EpochReader, type FedBatch } from "./batch-feed.js";
export {
  type Batch,
  type BatchSource,
  epochRandom,
  exampleBatches,
  naturalOrder,
  type TimeSpan,
  type TimeWindow,
} from "./batches.js";
export type { Callback, EpochEndResult, KnownNumbers, TrainingControl } from "./callbacks.js";
export { type CsvLoggerOptions, csvLogger } from "./csv-logger.js";
export { type EarlyStoppingOptions, earlyStopping } from "./early-stopping.js";
export { evaluate } from "./evaluate.js";
export { checksum } from "./fingerprint.js";
export { type Feeds, type FitOptions, fit, trainingOptions } from "./fit.js";
export type { History } from "./history.js";
export { learningRateScheduler } from "./learning-rate-scheduler.js";
export { lengthBatches } from "./length-batches.js";
export { type LogSink, type MemorySink, memorySink } from "./log-sink.js";
export { type Logs, logsOfBatch, RunningLogs, type RunningTotals, validationName } from "./logs.js";
export { type ModelCheckpointOptions, modelCheckpoint } from "./model-checkpoint.js";
export type { MonitorOptions } from "./monitor.js";
export { type ProgressSink, progressCallback, progressLine } from "./progress.js";
export { type ReduceLROnPlateauOptions, reduceLROnPlateau } from "./reduce-lr-on-plateau.js";
export { logLine, type RunLogOptions, runLog } from "./run-log.js";
export { type TensorBoardOptions, tensorBoard } from "./tensor-board.js";
export type {
  Diagnosis,
  Examples,
  Fingerprint,
  MetricSums,
  ReportedNumbers,
  Rows,
  Snapshot,
  StepTotals,
  Trainable,
  Turn,
} from "./trainable.js";
export {
  type CallbackState,
  type CheckpointOptions,
  checkedMemory,
  checkTrainingState,
  type StateValue,
  type TrainingState,
} from "./training-state.js";
export { type WindowOptions, windowBatches, windowsOf } from "./window-batches.js";
export { eventLoopYielder, nextTurn } from "./yield-to-event-loop.js";
