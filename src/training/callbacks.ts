/** Callbacks: what is called as training goes, and may end it. */
import type { Logs } from "./logs.js";
import type { Trainable } from "./trainable.js";

/** What a callback holds in its hand. */
export interface TrainingControl {
  readonly model: Trainable;
  /** Set it to end training: inside a batch callback the epoch ends early, inside `onEpochEnd` no other epoch begins. */
  stopTraining: boolean;
  /** Number of epochs that were asked for. */
  readonly epochs: number;
  /** Number of batches in an epoch. */
  readonly steps: number;
  /** Whether there is validation data; `validationFreq` may leave out some epochs. */
  readonly validates: boolean;
}

/** All functions are optional and may be async. Epochs and batches count from 0. */
export interface Callback {
  onTrainBegin?(control: TrainingControl): void | Promise<void>;
  onEpochBegin?(epoch: number, control: TrainingControl): void | Promise<void>;
  onBatchBegin?(batch: number, control: TrainingControl): void | Promise<void>;
  /** `logs` are means over the epoch so far. */
  onBatchEnd?(batch: number, logs: Logs, control: TrainingControl): void | Promise<void>;
  /** `logs` hold the validation's numbers, too: "valLoss". Not called for an epoch that an AbortSignal cut short. */
  onEpochEnd?(epoch: number, logs: Logs, control: TrainingControl): void | Promise<void>;
  /** Called however training ended. */
  onTrainEnd?(logs: Logs, control: TrainingControl): void | Promise<void>;
}
