/**
 * How an epoch's batches come about. Every batch is a function of the seed, the epoch and its number, not of the batches before it: so a
 * training can go on at any batch, in another process, with the bits it would have had.
 */
import { Random } from "../tensor/random.js";

/** What one training step reads. */
export interface Batch {
  /** Numbers of the examples. */
  readonly rows: Uint32Array;
  /** Seeds this step's dropout. */
  readonly noise: number;
  /** The part of the sequences that is read; by default all of them. */
  readonly window?: TimeWindow;
  /** Where these examples are shorter than others: reads no more than they have. */
  readonly span?: TimeSpan;
}

/** The first steps of sequences; in the rows of the batch all that follows is padding. */
export interface TimeSpan {
  /** Number of steps of the whole sequences, padding included. */
  readonly length: number;
  /** How many steps are read. */
  readonly steps: number;
}

/** A part of sequences in time, which goes on from the state that the one before it left. */
export interface TimeWindow {
  /** Number of steps of the whole sequences. */
  readonly length: number;
  /** The first step that is read. At 0 states begin anew. */
  readonly first: number;
  /** How many steps are read. */
  readonly steps: number;
  /** How many of them, the last ones, have losses. */
  readonly lossSteps: number;
  /** After how many of them the state is kept for the next window; 0 keeps none. */
  readonly kept: number;
}

/** Makes the batches of every epoch. */
export interface BatchSource {
  /** Number of batches in an epoch. */
  readonly steps: number;
  /** The batches of an epoch by number, from 0; equal for equal seeds and epochs, whatever was asked for before. */
  epoch(seed: number, epoch: number): (batch: number) => Batch;
}

/**
 * Batches of whole examples: all examples once an epoch, the last batch shorter.
 *
 * @param count number of examples
 * @param shuffle whether every epoch has an order of its own
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

/** What an epoch draws: the order of its rows, and the noise of each of its steps. */
export function drawEpoch(
  seed: number,
  epoch: number,
  { count, steps, shuffle }: { readonly count: number; readonly steps: number; readonly shuffle: boolean },
): { order: Uint32Array; noises: Uint32Array } {
  const random = new Random(epochSeed(seed, epoch));
  const order = shuffle ? random.permutation(count) : naturalOrder(count);
  return { order, noises: Uint32Array.from({ length: steps }, () => random.bits()) };
}

/** 0, 1, … count − 1 */
export function naturalOrder(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}

/** Every epoch has a seed of its own, so that an epoch's order and noise do not depend on the epochs before it. */
function epochSeed(seed: number, epoch: number): number {
  return new Random(new Random(seed).bits() ^ epoch).bits();
}
