/** What a recipe tells while it trains, and how it keeps the best epoch: the callbacks that the text recipes share. */
import type { Sequential } from "../models/index.js";
import {
  type Callback,
  type CheckpointOptions,
  earlyStopping,
  type Logs,
  type StateValue,
  type TrainingState,
} from "../training/index.js";

/** One finished epoch. */
export interface EpochReport {
  /** Counting from 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly seconds: number;
}

/** One finished step. */
export interface BatchReport {
  /** Counting from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Counting from 1. */
  readonly batch: number;
  readonly batches: number;
  /** Mean over the epoch so far. */
  readonly loss: number;
}

/** Called as training goes. */
export interface TrainingHooks {
  onBatch?(report: BatchReport): void;
  onEpoch?(report: EpochReport): void;
  /** Ends training after the step under way; the best finished epoch is kept. */
  readonly signal?: AbortSignal;
  /** Gives the training's state away as it goes; see `fit`. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /** Goes on from such a state. */
  readonly resume?: TrainingState | undefined;
  /** More that hears of the training: logs. */
  readonly callbacks?: readonly Callback[];
}

interface TrainingPlan {
  /** Factor on the learning rate after each epoch. */
  readonly decay: number;
  /** Epochs without a better validation accuracy; 0 to never stop early. */
  readonly patience: number;
}

/** Callbacks for `model.fit`, and the history that they fill. */
export function reportTraining(model: Sequential, { decay, patience }: TrainingPlan, hooks: TrainingHooks) {
  const history: EpochReport[] = [];
  let current = 0;
  let begin = 0;
  const report: Callback = {
    name: "report",
    onEpochBegin(epoch) {
      current = epoch + 1;
      begin = performance.now();
    },
    onBatchEnd(batch, { loss }, { epochs, steps }) {
      hooks.onBatch?.({ epoch: current, epochs, batch: batch + 1, batches: steps, loss: loss! });
    },
    onEpochEnd(_, logs) {
      history.push(epochReport(current, logs, (performance.now() - begin) / 1000));
      hooks.onEpoch?.(history.at(-1)!);
      const { learningRate } = model;
      model.learningRate *= decay;
      return { learningRate };
    },
    state: () => history.map((epoch) => ({ ...epoch })),
    restore(state) {
      history.splice(0, history.length, ...(state as StateValue[] as unknown as EpochReport[]));
    },
  };
  const keepBest = earlyStopping({
    monitor: "valAccuracy",
    patience: patience === 0 ? Number.POSITIVE_INFINITY : patience,
    restoreBestWeights: true,
  });
  return { history, callbacks: [report, keepBest, ...(hooks.callbacks ?? [])] };
}

/** What `fit` needs to be interrupted and to go on. */
export function resumable({ signal, checkpoint, resume }: TrainingHooks) {
  return { ...(signal && { signal }), ...(checkpoint && { checkpoint }), resume };
}

/** The options that a training which goes on must share with the one before: all but how many epochs there are to be. */
export function sharedOptions(
  task: string,
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const shared = Object.entries(options).filter(([name]) => name !== "epochs");
  return { task, ...Object.fromEntries(shared.map(([name, value]) => [name, String(value)])) };
}

/** The first of the epochs with the best validation accuracy, counting from 1: the one whose weights were kept. */
export function bestEpochOf(history: readonly EpochReport[]): number {
  const accuracies = history.map(({ validationAccuracy }) => validationAccuracy);
  return accuracies.indexOf(Math.max(...accuracies)) + 1;
}

function epochReport(epoch: number, { loss, accuracy, valLoss, valAccuracy }: Logs, seconds: number): EpochReport {
  return {
    epoch,
    loss: loss!,
    accuracy: accuracy!,
    validationLoss: valLoss!,
    validationAccuracy: valAccuracy!,
    seconds,
  };
}
