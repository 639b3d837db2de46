/** Contract between the trainer and models: a training step on some rows of prepared data. The trainer knows no layer and no task. */
import type { Better } from "../metrics/index.js";
import type { NumericArray, Tensor } from "../tensor/tensor.js";
import type { Batch } from "./batches.js";

/** An array whose first axis counts examples. */
export interface Rows {
  readonly data: NumericArray;
  /** Batch-first. */
  readonly shape: readonly number[];
}

/** Data that has been checked and is ready to be divided into batches. */
export interface Examples {
  readonly count: number;
  /** Inputs, targets and weights by their names in the model's programs; each has `count` rows. */
  readonly data: Readonly<Record<string, Rows>>;
}

/** Numbers of the logs by name, and whether lower or higher is better; undefined where it is not known. */
export type ReportedNumbers = Readonly<Record<string, Better | undefined>>;

/** The sums that a loss or a metric is made from: for most a total and a count. */
export interface MetricSums {
  readonly name: string;
  readonly sums: readonly number[];
}

/** The result of one step. */
export interface StepTotals {
  /** The loss of this batch alone. */
  readonly loss: number;
  /** Sums that are added up over batches: those of "loss", then those of the metrics. */
  readonly totals: readonly MetricSums[];
}

/** A position in the queue of a model's calls, held until its work is done. */
export type Turn = object;

/** A model, as training needs it. */
export interface Trainable {
  learningRate: number;
  /** The state of the model's random numbers; assign it to continue from there. */
  randomState: readonly number[];
  /** Forward, backward and update on a batch. @internal */
  trainStep(examples: Examples, batch: Batch): Promise<StepTotals>;
  /** Evaluates a batch, in inference mode. @internal */
  testStep(examples: Examples, batch: Batch, turn?: Turn): Promise<StepTotals>;
  /** Runs work of several steps without other calls between them: steps with its turn run, others wait. @internal */
  inTurn?<Result>(work: (turn: Turn) => Promise<Result>): Promise<Result>;
  /** The numbers that its steps report, and the better direction of each. */
  readonly reported?: ReportedNumbers;
  /** The number made from the sums of the loss or of a metric; total / count if absent. */
  metricValue?(name: string, sums: readonly number[]): number;
  /** A copy of everything that training changes. */
  snapshot(): Promise<Snapshot>;
  /** Restores a snapshot, perhaps of another process; variables that do not exist yet are created. */
  restore(snapshot: Snapshot): Promise<void>;
  /** Everything that affects the bits of its steps, as text: layers, loss, optimizer, engine, threads. */
  describe(): Promise<Fingerprint>;
  /** Finds values that are not finite in a step on a batch with the current weights, without updating them. @internal */
  diagnose?(examples: Examples, batch: Batch): Promise<Diagnosis>;
}

/** The values that are not finite in a step; empty if all are finite. */
export interface Diagnosis {
  /** The first layer whose output is not finite. */
  readonly outputs?: string | undefined;
  /** The weight nearest to the loss whose gradient is not finite. */
  readonly gradients?: string | undefined;
}

/** Tensors by variable name. */
export type Snapshot = ReadonlyMap<string, Tensor>;

/** Facts by name. */
export type Fingerprint = Readonly<Record<string, string>>;
