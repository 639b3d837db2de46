/** What the trainer trains: anything that can take a step on some rows of prepared data. It knows no layer and no task. */
import type { NumericArray } from "../tensor/tensor.js";

/** An array whose first axis counts examples. */
export interface Rows {
  readonly data: NumericArray;
  /** Batch-first. */
  readonly shape: readonly number[];
}

/** Data that has been checked and is ready to be cut into batches. */
export interface Examples {
  readonly count: number;
  readonly x: Rows;
  readonly y: Rows;
  /** [count] or [count, time]. */
  readonly sampleWeight?: Rows;
}

/** What one step reports. */
export interface StepTotals {
  readonly size: number;
  /** The mean loss of this batch. */
  readonly loss: number;
  /** Sums that, over several batches, give each metric as total / count. */
  readonly metrics: readonly { readonly name: string; readonly total: number; readonly count: number }[];
}

export interface Trainable {
  learningRate: number;
  /** Forward, backward and update on the rows named; `noise` seeds this step's dropout. */
  trainStep(examples: Examples, rows: Uint32Array, noise: number): Promise<StepTotals>;
  testStep(examples: Examples, rows: Uint32Array): Promise<StepTotals>;
  /** A copy of everything that training changes. */
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): Promise<void>;
}

/** Numbers by variable name. */
export type Snapshot = ReadonlyMap<string, ArrayLike<number>>;
