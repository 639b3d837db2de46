/** History of a training. */
import type { Logs } from "./logs.js";

/** The result of `fit`. */
export interface History {
  /** By name, one number per epoch: loss, accuracy, valLoss, … */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Indices of the epochs, from 0. */
  readonly epoch: readonly number[];
  /** Whether an AbortSignal ended the training. */
  readonly aborted: boolean;
}

/** Collects every epoch's numbers. */
export class HistoryRecorder {
  history: Record<string, number[]> = {};
  epoch: number[] = [];

  add(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      // A name may be one that every object has: "constructor".
      if (Object.hasOwn(this.history, name)) this.history[name]!.push(value);
      else this.history = { ...this.history, [name]: [value] };
    }
  }
}
