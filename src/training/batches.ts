/**
 * Batches of an epoch. Every batch is a function of the seed, the epoch and its number, not of the batches before it: so a training can
 * resume at any batch, in another process, with equal bits.
 */
import { Random } from "../tensor/random.js";

/** The examples that one training step reads. */
export interface Batch {
  /** Indices of the examples. */
  readonly rows: Uint32Array;
  /** Seeds this step's dropout. */
  readonly noise: number;
  /** The part of the sequences that is read; by default all of them. */
  readonly window?: TimeWindow;
  /** The steps to read where all of these examples are shorter than others. */
  readonly span?: TimeSpan;
}

/** The first steps of sequences; in the rows of the batch all later steps are padding. */
export interface TimeSpan {
  /** Number of steps of the whole sequences, padding included. */
  readonly length: number;
  /** Number of steps that are read. */
  readonly steps: number;
}

/** A range of steps of sequences, which continues from the last state of the range before. */
export interface TimeWindow {
  /** Number of steps of the whole sequences. */
  readonly length: number;
  /** The first step that is read. At 0 states start fresh. */
  readonly first: number;
  /** Number of steps that are read. */
  readonly steps: number;
  /** Number of the last steps, which have losses. */
  readonly lossSteps: number;
  /** Number of steps after which the state is kept for the next window; 0 keeps no state. */
  readonly kept: number;
}

/** Makes the batches of every epoch. */
export interface BatchSource {
  /** Number of batches in an epoch. */
  readonly steps: number;
  /** The batches of an epoch by number, from 0; equal for equal seeds and epochs, in any order of calls. */
  epoch(seed: number, epoch: number): (batch: number) => Batch;
}

/**
 * Batches of whole examples: every example once in each epoch; the last batch is shorter.
 *
 * @param count number of examples
 * @param shuffle whether every epoch has another order
 */
export function exampleBatches(count: number, batchSize: number, shuffle: boolean): BatchSource {
  const steps = Math.ceil(count / batchSize);
  return {
    steps,
    epoch(seed, epoch) {
      const { order, noises } = drawEpoch(seed, epoch, { count, steps, shuffle });
      return (batch) => ({ rows: order.subarray(batch * batchSize, (batch + 1) * batchSize), noise: noises[batch]! });
    },
  };
}

/** Draws the order of an epoch's rows, and a seed of the noise for each of its steps. */
export function drawEpoch(
  seed: number,
  epoch: number,
  { count, steps, shuffle }: { readonly count: number; readonly steps: number; readonly shuffle: boolean },
): { order: Uint32Array; noises: Uint32Array } {
  const random = epochRandom(seed, epoch);
  const order = shuffle ? random.permutation(count) : naturalOrder(count);
  return { order, noises: Uint32Array.from({ length: steps }, () => random.bits()) };
}

/** 0, 1, … count − 1 */
export function naturalOrder(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}

/** Separate random numbers for every epoch, so that its order and noise do not depend on the epochs before it. */
export function epochRandom(seed: number, epoch: number): Random {
  return new Random(new Random(new Random(seed).bits() ^ epoch).bits());
}
