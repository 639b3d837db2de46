/** Callbacks that the text recipes share: reports while a recipe trains, and keeping the best epoch. */

import type { Layer } from "../layers/index.js";
import type { Model } from "../models/index.js";
import { aFunction, anObject, listOf, type OptionChecks, orNull } from "../options/index.js";
import { anyNumber, list, record } from "../schema/index.js";
import {
  type Callback,
  type CheckpointOptions,
  checkedMemory,
  earlyStopping,
  type Logs,
  type TrainingState,
  validationName,
} from "../training/index.js";

/**
 * One finished epoch: `loss` and every metric by name, over the training part and, with `val` before the name (`valLoss`, `valAccuracy`), over the
 * validation part.
 */
export interface EpochReport extends Readonly<Record<string, number>> {
  /** Counting from 1. */
  readonly epoch: number;
  readonly seconds: number;
  readonly loss: number;
  readonly valLoss: number;
}

const reportsSchema = list(record(anyNumber));

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

/** Facts that are known before training begins. */
export interface TrainingStart {
  /** The layers in words: "embedding(10000, 32)". */
  readonly layers: readonly string[];
  readonly parameters: number;
  /** Data in words: "9,998 words known, at most 200 words read". */
  readonly details: string;
  /** Warnings before hours are spent, in words. */
  readonly notes?: readonly string[];
}

/** Result of every recipe's training, besides the model and its metadata. */
export interface TrainingOutcome {
  /** Scores on the test part, by name: `testLoss` in nats, `accuracy`, `perplexity`, … */
  readonly test: Readonly<Record<string, number>>;
  /** One report per finished epoch. */
  readonly history: readonly EpochReport[];
  /** The epoch whose weights were kept, counting from 1; 0 where none was finished. */
  readonly bestEpoch: number;
  readonly seconds: number;
  readonly parameters: number;
  /** Whether the signal ended training. */
  readonly interrupted: boolean;
}

/** Called as training goes. */
export interface TrainingHooks {
  onStart?(start: TrainingStart): void;
  onBatch?(report: BatchReport): void;
  onEpoch?(report: EpochReport): void;
  /**
   * Called when training has ended and the best epoch's weights are there, before the test part is looked at, so that what is saved here is not
   * lost to what happens then. The metadata have no test results yet. Not called where no epoch was finished.
   */
  onTrained?(trained: {
    readonly model: Model;
    readonly metadata: Readonly<Record<string, unknown>>;
  }): void | Promise<void>;
  /** Ends training after the step under way; the best finished epoch is kept. */
  readonly signal?: AbortSignal;
  /** Gives the training's state away as it goes; see `fit`. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /** Goes on from such a state. */
  readonly resume?: TrainingState | undefined;
  /** More that hears of the training: logs. */
  readonly callbacks?: readonly Callback[];
}

/** Checks of `TrainingHooks`. */
export const trainingHooks: OptionChecks<TrainingHooks> = {
  onStart: aFunction,
  onBatch: aFunction,
  onEpoch: aFunction,
  onTrained: aFunction,
  signal: orNull(anObject),
  checkpoint: orNull(anObject),
  resume: orNull(anObject),
  callbacks: listOf("callbacks", anObject, 0),
};

/** The metric that chooses the best epoch on the validation part. */
export interface Measure {
  /** Its name among the logs: "accuracy", "loss". */
  readonly name: string;
  readonly better: "higher" | "lower";
}

interface TrainingPlan {
  /** Factor on the learning rate after each epoch. */
  readonly decay: number;
  /** Epochs without a better validation measure; 0 to never stop early. */
  readonly patience: number;
}

/**
 * Callbacks for `model.fit`, and what they saw: the history, the best epoch, the seconds since this was called. The best epoch's weights
 * are kept.
 */
export function reportTraining(
  model: Model,
  { decay, patience }: TrainingPlan,
  measure: Measure,
  hooks: TrainingHooks,
) {
  const history: EpochReport[] = [];
  const started = performance.now();
  let current = 0;
  let begin = 0;
  const report: Callback = {
    name: "report",
    reports: { learningRate: undefined },
    onEpochBegin(epoch) {
      current = epoch + 1;
      begin = performance.now();
    },
    onBatchEnd(batch, { loss }, { epochs, steps }) {
      hooks.onBatch?.({ epoch: current, epochs, batch: batch + 1, batches: steps!, loss: loss! });
    },
    onEpochEnd(_, logs) {
      history.push(epochReport(current, (performance.now() - begin) / 1000, logs));
      hooks.onEpoch?.(history.at(-1)!);
      const { learningRate } = model;
      model.learningRate *= decay;
      return { learningRate };
    },
    state: () => history.map((epoch) => ({ ...epoch })),
    restore(state) {
      history.splice(0, history.length, ...reportsOf(state));
    },
  };
  const keepBest = earlyStopping({
    monitor: validationName(measure.name),
    mode: measure.better === "higher" ? "max" : "min",
    patience: patience === 0 ? Number.POSITIVE_INFINITY : patience,
    restoreBestWeights: true,
  });
  return {
    callbacks: [report, keepBest, ...(hooks.callbacks ?? [])],
    /** Summary after `fit` has ended. */
    finish: () => ({
      history,
      bestEpoch: bestEpochOf(history, measure),
      seconds: (performance.now() - started) / 1000,
    }),
  };
}

/** Options of `fit` for interruption and resuming. */
export function resumable({ signal, checkpoint, resume }: TrainingHooks) {
  return { ...(signal && { signal }), ...(checkpoint && { checkpoint }), resume };
}

/** The options that a training which continues must share with the one before: all but how many epochs there are to be. */
export function sharedOptions(
  task: string,
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const shared = Object.entries(options).filter(([name]) => name !== "epochs");
  return { task, ...Object.fromEntries(shared.map(([name, value]) => [name, String(value)])) };
}

/** The first of the epochs with the best validation measure, counting from 1: the one whose weights were kept. */
function bestEpochOf(history: readonly EpochReport[], { name, better }: Measure): number {
  const values = history.map((report) => report[validationName(name)]!);
  return values.indexOf(better === "higher" ? Math.max(...values) : Math.min(...values)) + 1;
}

/** Layers in words: "embedding(10000, 32)", "bidirectional(gru(64))". */
export function inWords({ type, config }: Pick<Layer, "type" | "config">): string {
  const name = type.replace(/^[A-Z]+?(?=[A-Z][a-z]|$)|^[A-Z]/, (start) => start.toLowerCase());
  const inside = config.layer as Layer["config"] | undefined;
  const parts = [
    config.inputDim,
    config.outputDim,
    config.classes,
    config.units,
    config.rate,
    inside && inWords({ type: String(inside.type), config: inside }),
  ];
  return `${name}(${parts.filter((part) => part !== undefined).join(", ")})`;
}

function epochReport(epoch: number, seconds: number, logs: Logs): EpochReport {
  return { epoch, ...logs, seconds } as EpochReport;
}

/** The epochs that a training had finished when a checkpoint was written. */
export function finishedEpochs({ callbacks }: TrainingState): readonly EpochReport[] {
  const memory = callbacks.find(({ name }) => name === "report");
  return memory === undefined ? [] : reportsOf(memory.state);
}

function reportsOf(state: unknown): EpochReport[] {
  return checkedMemory<EpochReport[]>("report", state, reportsSchema).map(withoutOldNames);
}

/** Version 0.1.0 wrote "validationLoss" into checkpoints. */
function withoutOldNames(report: EpochReport): EpochReport {
  const named = Object.entries(report).map(([name, value]) => [name.replace(/^validation(?=[A-Z])/, "val"), value]);
  return Object.fromEntries(named) as EpochReport;
}
