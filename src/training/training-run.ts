/**
 * Training run, from its start or from a checkpoint to its end: epochs, batches, validation, callbacks, checkpoints. Between two steps it is
 * a value, `TrainingState`, from which it resumes bit for bit.
 */

import { StateError } from "../errors.js";
import { counted } from "../options/index.js";
import type { BatchFeed, FedBatch } from "./batch-feed.js";
import type { Callback, TrainingControl } from "./callbacks.js";
import { CheckpointClock } from "./checkpoint-clock.js";
import { evaluate } from "./evaluate.js";
import { type History, HistoryRecorder } from "./history.js";
import { LastGood } from "./last-good.js";
import { type Logs, RunningLogs, validationLogs } from "./logs.js";
import { lostLoss } from "./lost-loss.js";
import { reportedNumbers } from "./reported-numbers.js";
import type { Fingerprint, Trainable } from "./trainable.js";
import type { CheckpointOptions, TrainingState } from "./training-state.js";
import { eventLoopYielder } from "./yield-to-event-loop.js";

/** The options of a run, resolved by `fit`. */
export interface TrainingPlan {
  readonly model: Trainable;
  readonly feed: BatchFeed;
  readonly validation: BatchFeed | undefined;
  readonly callbacks: readonly Callback[];
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly seed: number;
  readonly terminateOnNaN: boolean;
  readonly validationFreq: number | readonly number[];
  readonly signal: { readonly aborted: boolean } | undefined;
  readonly checkpoint: CheckpointOptions | undefined;
  readonly fingerprint: Fingerprint;
}

export class TrainingRun {
  readonly #plan: TrainingPlan;
  readonly #control: TrainingControl;
  readonly #recorder = new HistoryRecorder();
  readonly #running: RunningLogs;
  readonly #clock: CheckpointClock | undefined;
  readonly #yieldToEventLoop = eventLoopYielder();
  readonly #lastGood: LastGood;
  #epoch: number;
  /** Number of batches of the epoch that are done. */
  #batch = 0;
  #logs: Logs = {};

  constructor(plan: TrainingPlan) {
    this.#plan = plan;
    this.#running = new RunningLogs(plan.model);
    this.#epoch = plan.initialEpoch;
    this.#lastGood = new LastGood(plan.model);
    this.#clock = plan.checkpoint && new CheckpointClock(plan.checkpoint.every);
    this.#control = {
      model: plan.model,
      stopTraining: false,
      epochs: plan.epochs,
      get steps() {
        return plan.feed.steps;
      },
      validates: plan.validation !== undefined,
      numbers: reportedNumbers(plan.model, plan.callbacks, plan.validation !== undefined),
      resumes: false,
    };
  }

  /** Trains to the end. @param from the state to resume from; default: the beginning */
  async run(from: TrainingState | undefined): Promise<History> {
    const { callbacks, epochs } = this.#plan;
    const control = Object.assign(this.#control, { resumes: from !== undefined });
    try {
      for (const callback of callbacks) await callback.onTrainBegin?.(control);
      if (from) await this.#resume(from);
      // An epoch that has started is ended, even if a callback has stopped the training within it.
      while (this.#epoch < epochs && (this.#batch > 0 || !this.#ended())) {
        if (!(await this.#runEpoch())) break;
      }
      if (this.#aborted()) await this.#save();
    } finally {
      for (const callback of callbacks) await callback.onTrainEnd?.(this.#logs, control);
    }
    return { history: this.#recorder.history, epoch: this.#recorder.epoch, aborted: this.#aborted() };
  }

  #aborted(): boolean {
    return this.#plan.signal?.aborted === true;
  }

  #ended(): boolean {
    return this.#control.stopTraining || this.#plan.feed.ended === true || this.#aborted();
  }

  /** Runs the rest of the epoch. @returns false if a signal ended it early */
  async #runEpoch(): Promise<boolean> {
    const { model, callbacks, terminateOnNaN, validation, validationFreq, signal } = this.#plan;
    const epoch = this.#epoch;
    if (this.#batch === 0) await this.#beginEpoch();
    if (terminateOnNaN) await this.#lastGood.mark();
    await this.#runBatches();
    if (this.#aborted()) return false;
    if (validation && validates(epoch, validationFreq)) {
      const evaluated = await evaluate(model, validation, { signal });
      if (this.#aborted()) return false;
      this.#logs = { ...this.#logs, ...validationLogs(evaluated) };
    }
    for (const callback of callbacks) {
      const more = await callback.onEpochEnd?.(epoch, this.#logs, this.#control);
      if (more) this.#logs = { ...this.#logs, ...more };
    }
    this.#recorder.add(epoch, this.#logs);
    this.#epoch++;
    this.#batch = 0;
    this.#running.totals = [];
    if (this.#clock?.afterEpoch()) await this.#save();
    return true;
  }

  async #beginEpoch(): Promise<void> {
    for (const callback of this.#plan.callbacks) await callback.onEpochBegin?.(this.#epoch, this.#control);
  }

  async #runBatches(): Promise<void> {
    const { feed, seed } = this.#plan;
    const reader = await feed.begin(seed, this.#epoch, this.#batch);
    try {
      while (!this.#ended()) {
        const next = reader.next();
        const fed = next instanceof Promise ? await next : next;
        if (!fed) break;
        await this.#runBatch(fed);
      }
    } finally {
      await reader.close?.();
    }
  }

  async #runBatch({ examples, batch }: FedBatch): Promise<void> {
    const { model, callbacks, terminateOnNaN } = this.#plan;
    const number = this.#batch;
    for (const callback of callbacks) await callback.onBatchBegin?.(number, this.#control);
    const { learningRate } = model;
    const totals = await model.trainStep(examples, batch);
    if (terminateOnNaN) {
      const step = { epoch: this.#epoch, number, examples, batch, learningRate, loss: totals.loss };
      if (!Number.isFinite(step.loss)) throw await lostLoss(step, this.#lastGood, model);
      await this.#lastGood.note(step);
    }
    this.#running.add(totals);
    this.#logs = this.#running.logs();
    for (const callback of callbacks) await callback.onBatchEnd?.(number, this.#logs, this.#control);
    this.#batch++;
    if (this.#clock?.afterStep()) await this.#save();
    await this.#yieldToEventLoop();
  }

  async #save(): Promise<void> {
    const { checkpoint } = this.#plan;
    if (!checkpoint) return;
    await checkpoint.save(await this.#state());
    this.#clock!.restart();
  }

  async #state(): Promise<TrainingState> {
    const { model, seed, fingerprint, callbacks } = this.#plan;
    return {
      epoch: this.#epoch,
      batch: this.#batch,
      seed,
      fingerprint,
      randomState: model.randomState,
      stopped: this.#control.stopTraining,
      learningRate: model.learningRate,
      totals: this.#running.totals,
      logs: this.#logs,
      history: Object.fromEntries(Object.entries(this.#recorder.history).map(([name, values]) => [name, [...values]])),
      epochs: [...this.#recorder.epoch],
      callbacks: callbacks.flatMap((callback) =>
        callback.state ? [{ name: String(callback.name), state: callback.state() }] : [],
      ),
      variables: await model.snapshot(),
    };
  }

  async #resume(from: TrainingState): Promise<void> {
    const { model, callbacks } = this.#plan;
    const { steps } = this.#plan.feed;
    if (steps !== undefined && from.batch > steps) {
      throw new StateError(
        `fit, resume: batch ${from.batch} is under way, but an epoch has ${counted(steps, "batch", "batches")}.`,
      );
    }
    this.#epoch = from.epoch;
    this.#batch = from.batch;
    if (from.batch > 0) await this.#beginEpoch();
    this.#running.totals = from.totals;
    this.#logs = from.logs;
    this.#recorder.history = Object.fromEntries(
      Object.entries(from.history).map(([name, values]) => [name, [...values]]),
    );
    this.#recorder.epoch = [...from.epochs];
    this.#control.stopTraining = from.stopped;
    await model.restore(from.variables);
    model.learningRate = from.learningRate;
    model.randomState = from.randomState;
    const waiting = [...from.callbacks];
    for (const callback of callbacks) {
      const at = waiting.findIndex(({ name }) => name === callback.name);
      if (at >= 0) await callback.restore?.(waiting.splice(at, 1)[0]!.state);
    }
  }
}

function validates(epoch: number, frequency: number | readonly number[]): boolean {
  return typeof frequency === "number" ? (epoch + 1) % frequency === 0 : frequency.includes(epoch + 1);
}
