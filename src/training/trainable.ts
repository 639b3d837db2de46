/** What the trainer trains: anything that can take a step on some rows of prepared data. It knows no layer and no task. */
import type { Better } from "../metrics/index.js";
import type { NumericArray, Tensor } from "../tensor/tensor.js";
import type { Batch } from "./batches.js";

/** An array whose first axis counts examples. */
export interface Rows {
  readonly data: NumericArray;
  /** Batch-first. */
  readonly shape: readonly number[];
}

/** Data that has been checked and is ready to be cut into batches. */
export interface Examples {
  readonly count: number;
  /** Inputs, targets and weights by the names the model's programs have for them; each has `count` rows. */
  readonly data: Readonly<Record<string, Rows>>;
}

/** Numbers of the logs by name, and which way each gets better; undefined where nobody said. */
export type ReportedNumbers = Readonly<Record<string, Better | undefined>>;

/** What a loss or a metric is made from: for most a total and a count. */
export interface MetricSums {
  readonly name: string;
  readonly sums: readonly number[];
}

/** What one step reports. */
export interface StepTotals {
  /** The loss of this batch by itself. */
  readonly loss: number;
  /** Sums that are added up over batches: those of "loss", then those of the metrics. */
  readonly totals: readonly MetricSums[];
}

/** A place in the order of a model's calls, for as long as its work goes on. */
export type Turn = object;

/** A model, as far as training it goes. */
export interface Trainable {
  learningRate: number;
  /** The model's own source of random numbers; assigning it goes on from there. */
  randomState: readonly number[];
  /** Forward, backward and update on a batch. @internal */
  trainStep(examples: Examples, batch: Batch): Promise<StepTotals>;
  /** Judges a batch, in inference mode. @internal */
  testStep(examples: Examples, batch: Batch, turn?: Turn): Promise<StepTotals>;
  /** Does work of several steps with no other call between: steps that are given its turn belong to it, others wait. @internal */
  inTurn?<Result>(work: (turn: Turn) => Promise<Result>): Promise<Result>;
  /** The numbers that its steps report, and which way each gets better. */
  readonly reported?: ReportedNumbers;
  /** The number that sums make, of the loss or of a metric; total / count if absent. */
  metricValue?(name: string, sums: readonly number[]): number;
  /** A copy of everything that training changes. */
  snapshot(): Promise<Snapshot>;
  /** Goes back to a snapshot, in another process perhaps: what is not there yet is made. */
  restore(snapshot: Snapshot): Promise<void>;
  /** What decides the bits of its steps, in words: layers, loss, optimizer, engine, threads. */
  describe(): Promise<Fingerprint>;
  /** Looks for what is not finite in a step on a batch, from the weights as they are, without taking it. @internal */
  diagnose?(examples: Examples, batch: Batch): Promise<Diagnosis>;
}

/** What is not finite in a step; nothing where all is well. */
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
