/** Feeds: the batches of a training, from arrays that are divided or from data that come in pieces. */
import type { Batch, BatchSource } from "./batches.js";
import { describeExamples } from "./fingerprint.js";
import type { Examples, Fingerprint } from "./trainable.js";

/** The data of one step. */
export interface FedBatch {
  readonly examples: Examples;
  readonly batch: Batch;
}

/** The batches of one epoch, in their order. */
export interface EpochReader {
  /** The next batch; undefined at the end of the epoch. */
  next(): FedBatch | undefined | Promise<FedBatch | undefined>;
  /** Called when the epoch has ended, also before its last batch. */
  close?(): void | Promise<void>;
}

/** The batches of a training. */
export interface BatchFeed {
  /** Number of batches in an epoch; undefined while it is not known. */
  readonly steps: number | undefined;
  /** Whether batches are made while they are read. */
  readonly inPieces?: boolean;
  /** Whether no more batches will come, so that training ends. */
  readonly ended?: boolean;
  /**
   * Begins an epoch. Equal seeds and epochs give equal batches.
   *
   * @param first number of the first batch: those before it are passed over
   */
  begin(seed: number, epoch: number, first: number): EpochReader | Promise<EpochReader>;
  /** The data, as facts that a resumed training must share. @param part "validation " */
  describe(part: string): Fingerprint;
}

/** The feed of arrays. */
export function arrayFeed(examples: Examples, batches: BatchSource): BatchFeed {
  return {
    steps: batches.steps,
    begin(seed, epoch, first) {
      const batchAt = batches.epoch(seed, epoch);
      let number = first;
      return { next: () => (number < batches.steps ? { examples, batch: batchAt(number++) } : undefined) };
    },
    describe: (part) => describeExamples(part, examples),
  };
}
