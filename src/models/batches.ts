/**
 * Data in pieces: batches that an iterable gives one after another, for `fit`, `evaluate` and `predict`. A `Dataset` can be read from any place
 * of any epoch, so that a training resumes with equal bits; other iterables are read from their beginning.
 */
import {
  type DatasetSource,
  END,
  isIterable,
  isOneShot,
  type Next,
  type Pass,
  type Pull,
  repeated,
  skipItems,
  sourceOf,
} from "../data/index.js";
import { ConfigError, DataError, errorAt, TavaliError } from "../errors.js";
import { warnOnce } from "../layers/index.js";
import { counted } from "../options/index.js";
import { kindOf } from "../tensor/kind.js";
import { isTensor } from "../tensor/tensor.js";
import {
  type BatchFeed,
  type EpochReader,
  type Examples,
  epochRandom,
  type FedBatch,
  type Fingerprint,
  naturalOrder,
} from "../training/index.js";
import type { DataLike } from "./data-by-port.js";

/** A batch: [x, y] or [x, y, sampleWeight]; for `predict` also [x], a tensor, or a record of tensors. */
export type BatchLike =
  | readonly [DataLike, DataLike, DataLike?]
  | readonly [DataLike]
  | Exclude<DataLike, readonly unknown[]>;

/** Batches one after another: a `Dataset`, another iterable, or a function that gives one for each pass, such as a generator function. */
export type Batches =
  | Iterable<BatchLike>
  | AsyncIterable<BatchLike>
  | ((pass: Pass) => Iterable<BatchLike> | AsyncIterable<BatchLike>);

/** Whether data come in pieces. Lists, typed arrays and tensors are data themselves. */
export function isBatches(data: unknown): data is Batches {
  if (typeof data === "function") return true;
  // A Map would give pairs, which look like [x, y].
  const isOther = Array.isArray(data) || ArrayBuffer.isView(data) || data instanceof Map || data instanceof String;
  return isIterable(data) && !isOther && !isTensor(data);
}

/** The parts of a batch. @param what the argument in messages: "fit" @throws DataError for another form */
export function partsOfBatch(batch: unknown, what: string, needsTargets: boolean): [DataLike, DataLike?, DataLike?] {
  const parts = Array.isArray(batch) ? (batch as unknown[]) : [batch];
  const fits = parts.length <= 3 && parts.length >= (needsTargets ? 2 : 1) && parts[0] !== undefined;
  if (fits) return parts as [DataLike, DataLike?, DataLike?];
  const expected = needsTargets ? "[x, y] or [x, y, sampleWeight]" : "x, [x], [x, y] or [x, y, sampleWeight]";
  throw new DataError(`${what}: a batch must be ${expected}, received ${kindOf(batch)}.`);
}

/** An error of this package with its batch, another as it is. */
export function placed(error: unknown, batch: string): unknown {
  return error instanceof TavaliError ? errorAt(batch, error) : error;
}

/** Settings of a feed. */
export interface FeedOptions {
  /** The call in messages: "fit". */
  readonly what: string;
  /** Batches of an epoch. Default: all of a pass. */
  readonly steps: number | undefined;
  /** Whether an epoch of `steps` continues where the one before ended, as in training; otherwise each begins a pass. */
  readonly continues?: boolean;
  /** The name of the option that sets them. */
  readonly stepsOption: string;
  /** Checks a batch, and makes examples of it. */
  readonly prepare: (batch: unknown) => Promise<Examples>;
}

/** The feed of batches that come in pieces. */
export class PieceFeed implements BatchFeed {
  readonly inPieces = true;
  readonly #source: DatasetSource<unknown>;
  readonly #options: FeedOptions;
  readonly #once: boolean;
  readonly #continues: boolean;
  /** The pass that is open: from a look at its first batch, or because epochs continue it. */
  #open: OpenPass | undefined;
  #steps: number | undefined;
  #ended = false;

  constructor(batches: Batches, options: FeedOptions) {
    const source = sourceOf<unknown>(batches, options.what);
    this.#once = typeof batches === "object" && isOneShot(batches);
    this.#options = options;
    this.#continues = options.continues === true && options.steps !== undefined;
    this.#steps = options.steps ?? source.size;
    this.#source = this.#continues && !this.#once ? repeated(source, Number.POSITIVE_INFINITY) : source;
    if (this.#steps === Number.POSITIVE_INFINITY) {
      throw new ConfigError(
        `${options.what}: the dataset has no end; give the number of batches, ${options.stepsOption}, or leave repeat() out.`,
      );
    }
  }

  get steps(): number | undefined {
    return this.#steps;
  }

  /** Whether a generator has no more batches. */
  get ended(): boolean {
    return this.#ended;
  }

  describe(part: string): Fingerprint {
    const { steps } = this.#options;
    return { [`${part}data`]: `${this.#source.describe()}${steps === undefined ? "" : `, ${steps} an epoch`}` };
  }

  /** The first batch that an epoch will read. @throws DataError without a batch */
  async peek(seed: number, epoch: number): Promise<unknown> {
    const pass = await this.#passOf(seed, epoch);
    this.#open = pass;
    const first = await pass.peek();
    if (first === END) throw noBatches(this.#options.what);
    return first;
  }

  async begin(seed: number, epoch: number, first: number): Promise<EpochReader> {
    const { steps, prepare } = this.#options;
    const random = epochRandom(seed, epoch);
    for (let i = 0; i < first; i++) random.bits();
    const pass = await this.#passOf(seed, epoch);
    this.#open = pass;
    await pass.skipTo(this.#continues ? epoch * steps! + first : first);
    if (!this.#continues) this.#open = undefined;
    let number = first;
    const next = async (): Promise<FedBatch | undefined> => {
      const item = number === steps ? END : await pass.next();
      if (item === END) {
        await this.#end(pass, number);
        return undefined;
      }
      number++;
      const examples = await prepare(item).catch((error) => {
        throw placed(error, pass.place(number));
      });
      return { examples, batch: { rows: naturalOrder(examples.count), noise: random.bits() } };
    };
    return { next, close: () => (this.#open === pass ? undefined : pass.close()) };
  }

  /** Closes the pass that is open. */
  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = undefined;
  }

  /** The pass of an epoch: the one that is open, if it fits. */
  async #passOf(seed: number, epoch: number): Promise<OpenPass> {
    const number = this.#continues ? 0 : epoch;
    if (this.#open && (this.#once || this.#open.is(seed, number))) return this.#open;
    await this.close();
    return new OpenPass(this.#source, { seed, epoch: number });
  }

  /** Learns from the end of an epoch. */
  async #end(pass: OpenPass, number: number): Promise<void> {
    const { what, steps } = this.#options;
    if (number === 0) throw noBatches(what);
    if (!this.#continues) {
      this.#steps = number;
      this.#ended = this.#once;
      return;
    }
    if (!this.#once) return;
    this.#ended = (await pass.peek()) === END;
    if (number === steps) return;
    warnOnce(
      this,
      `${what}: the generator ended after ${counted(number, "batch", "batches")} of an epoch of ${steps}, and cannot be read again. ` +
        "Give the generator function without calling it, or a Dataset, or fewer steps.",
    );
  }
}

function noBatches(what: string): DataError {
  return new DataError(`${what}: the data gave no batch. An iterable that was read before may be at its end.`);
}

/** A pass that is being read. */
class OpenPass {
  readonly #pass: Pass;
  readonly #pull: Pull<unknown>;
  #first: { readonly item: Next<unknown> } | undefined;
  #read = 0;

  constructor(source: DatasetSource<unknown>, pass: Pass) {
    this.#pass = pass;
    this.#pull = source.open(pass);
  }

  is(seed: number, epoch: number): boolean {
    return this.#pass.seed === seed && this.#pass.epoch === epoch;
  }

  async peek(): Promise<Next<unknown>> {
    this.#first ??= { item: await this.#pull.next() };
    return this.#first.item;
  }

  async next(): Promise<Next<unknown>> {
    const item = await this.peek();
    this.#first = undefined;
    this.#read++;
    return item;
  }

  /** Passes over the items before a number. Those that were read stay read. */
  async skipTo(number: number): Promise<void> {
    if (number > this.#read && this.#first) await this.next();
    if (number > this.#read) await skipItems(this.#pull, number - this.#read);
    this.#read = Math.max(number, this.#read);
  }

  /** The last batch in words, for errors. @param number its number, from 1 */
  place(number: number): string {
    const { origin } = this.#pull;
    return origin ? `batch ${number}, ${origin.words(origin.row())}` : `batch ${number}`;
  }

  async close(): Promise<void> {
    await this.#pull.close?.();
  }
}
