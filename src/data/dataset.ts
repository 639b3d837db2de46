/**
 * Datasets: items in passes, one at a time, so that data need not fit in memory. A dataset is a description: each pass begins anew, and equal
 * seeds and epochs give equal passes. So a training resumes in the middle of an epoch: the same pass is made again, up to the place.
 */
import { ConfigError } from "../errors.js";
import {
  aFunction,
  anything,
  checkOption,
  checkOptions,
  count,
  flag,
  formatValue,
  integer,
  listOf,
  type OptionChecks,
  oneOf,
  wholeNumber,
} from "../options/index.js";
import { Random } from "../tensor/random.js";
import type { TensorLike } from "../tensor/tensor.js";
import type { Collated, Padding } from "./collate.js";
import { END, iterate, type Pass, type Pull, skipItems } from "./pull.js";
import { lengthOfItem, type RowOf, rowsOf } from "./rows.js";
import { type DatasetSource, iterableSource, mixed, repeated } from "./source.js";
import {
  batchPull,
  bucketPull,
  filterPull,
  type MapContext,
  mapPull,
  prefetchPull,
  shufflePull,
  skipPull,
  takePull,
} from "./stages.js";

/** Options of {@link Dataset.batch}. */
export interface DatasetBatchOptions {
  /** Leaves out a last batch of fewer items; default false. */
  readonly dropRemainder?: boolean;
}

/** Options of {@link Dataset.padBatch}. */
export interface PadBatchOptions extends DatasetBatchOptions, Padding {}

/** Options of {@link Dataset.bucketByLength}. */
export interface BucketOptions<Item> extends PadBatchOptions {
  /** Rising lengths: items shorter than the first come together, then items shorter than the second, …, then all others. */
  readonly boundaries: readonly number[];
  /** Items of a batch; a list has one number for each bucket, one more than boundaries. */
  readonly batchSize: number | readonly number[];
  /** The length of an item. Default: that of the first part. */
  readonly length?: (item: Item) => number;
}

/** A pass to read: which one, and from where. */
export interface EpochOptions {
  /** Seeds everything random; default 0. */
  readonly seed?: number;
  /** Number of items that are passed over, as when a training resumes; default 0. */
  readonly skip?: number;
}

const batchOptions: OptionChecks<DatasetBatchOptions> = { dropRemainder: flag };
const padOptions: OptionChecks<PadBatchOptions> = {
  ...batchOptions,
  padding: oneOf("pre", "post"),
  value: anything,
  paddedLength: count,
};
const bucketOptions: OptionChecks<BucketOptions<never>> = {
  ...padOptions,
  boundaries: listOf("rising lengths", count),
  batchSize: anything,
  length: aFunction,
};
const epochOptions: OptionChecks<EpochOptions> = { seed: integer, skip: wholeNumber(0) };

/**
 * Items in passes. Stages do not change a dataset: they give another one.
 *
 * @example
 * const data = Dataset.fromArrays([x, y]).shuffle(1000).batch(32);
 * await model.fit(data, { epochs: 5 });
 */
export class Dataset<Item> implements AsyncIterable<Item> {
  readonly #source: DatasetSource<Item>;

  /** @internal */
  constructor(source: DatasetSource<Item>) {
    this.#source = source;
  }

  /**
   * The rows of arrays. Of one array each item is a row: a number, or a view of the array; of a list or a record of arrays an item has one
   * part for each.
   *
   * @param arrays a tensor, a typed array, or a list or record of tensors with equal numbers of rows; a list of texts may be among them
   * @throws DataError if the numbers of rows differ
   * @example Dataset.fromArrays([x, y]) // items [x's row, y's row]
   */
  static fromArrays<Parts extends readonly unknown[] | Readonly<Record<string, unknown>> | TensorLike>(
    arrays: Parts,
  ): Dataset<RowOf<Parts>> {
    const { count: size, row, words } = rowsOf(arrays);
    return new Dataset<RowOf<Parts>>({
      size,
      describe: () => `rows of ${words}`,
      open() {
        let at = 0;
        return {
          next: () => (at < size ? (row(at++) as RowOf<Parts>) : END),
          skip(passed) {
            at += passed;
          },
          origin: { row: () => at - 1, words: (row) => `row ${row}` },
        };
      },
    });
  }

  /**
   * The items of an iterable.
   *
   * @param items a list, a set or another iterable, or a function that gives one for each pass, such as a generator function. A generator itself
   *   can be read once only
   * @example Dataset.from(async function* () { for await (const line of lines("book.txt")) yield line; })
   */
  static from<Item>(
    items: Iterable<Item> | AsyncIterable<Item> | ((pass: Pass) => Iterable<Item> | AsyncIterable<Item>),
  ): Dataset<Item> {
    return new Dataset(iterableSource(items, "Dataset.from"));
  }

  /** Number of items in a pass; undefined if it is not known before the pass ends. */
  get size(): number | undefined {
    return this.#source.size;
  }

  /** The source and the stages in words. A training resumes only with a dataset of equal words. */
  describe(): string {
    return this.#source.describe();
  }

  /** The items of the first pass. */
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    return this.epoch(0);
  }

  /**
   * The items of a pass. Equal numbers and seeds give equal items in equal order.
   *
   * @param epoch number of the pass, from 0: stages that draw random numbers draw others in each
   * @example for await (const [x, y] of data.epoch(3, { seed: 1 })) …
   */
  epoch(epoch: number, options: EpochOptions = {}): AsyncGenerator<Item, void, undefined> {
    const { seed = 0, skip = 0 } = checkOptions<EpochOptions>("Dataset.epoch", options, epochOptions);
    checkOption("Dataset.epoch", "epoch", epoch, wholeNumber(0));
    const dataset = this;
    return (async function* () {
      const pull = dataset.open({ seed, epoch });
      try {
        await skipItems(pull, skip);
      } catch (error) {
        await pull.close?.();
        throw error;
      }
      yield* iterate(pull);
    })();
  }

  /** Begins a pass, which is read item by item. @internal */
  open(pass: Pass): Pull<Item> {
    return this.#source.open(pass);
  }

  /**
   * The items, changed one by one.
   *
   * @param change gives the new item, or a promise of it. Random numbers come from `context.random`, so that passes can be repeated
   * @example data.map(([text, label]) => [tokenizer.encode(text), label] as const)
   */
  map<Result>(change: (item: Item, context: MapContext) => Result | Promise<Result>): Dataset<Result> {
    checkOption("Dataset", "map", change, aFunction);
    return this.#with("map", this.size, (pass) => mapPull(this.open(pass), change, pass));
  }

  /** The items for which `keep` is true. */
  filter(keep: (item: Item) => boolean | Promise<boolean>): Dataset<Item> {
    checkOption("Dataset", "filter", keep, aFunction);
    return this.#with("filter", undefined, (pass) => filterPull(this.open(pass), keep));
  }

  /** The first items. */
  take(most: number): Dataset<Item> {
    checkOption("Dataset", "take", most, wholeNumber(0));
    const size = this.size === undefined ? undefined : Math.min(this.size, most);
    return this.#with(`take(${most})`, size, (pass) => takePull(this.open(pass), most));
  }

  /** All items but the first. */
  skip(first: number): Dataset<Item> {
    checkOption("Dataset", "skip", first, wholeNumber(0));
    const size = this.size === undefined ? undefined : Math.max(0, this.size - first);
    return this.#with(`skip(${first})`, size, (pass) => skipPull(this.open(pass), first));
  }

  /**
   * The items in another order in every pass: of `buffer` items that are held in memory, one is given at random and replaced by the next. The
   * order is uniform if all items fit in the buffer.
   *
   * @param buffer number of items that are held
   */
  shuffle(buffer: number, options: { readonly seed?: number } = {}): Dataset<Item> {
    const { seed: own = 0 } = checkOptions<{ readonly seed?: number }>("Dataset.shuffle", options, { seed: integer });
    checkOption("Dataset", "shuffle", buffer, count);
    return this.#with(`shuffle(${buffer}, seed ${own})`, this.size, (pass) =>
      shufflePull(this.open(pass), buffer, new Random(mixed(mixed(pass.seed, own), pass.epoch))),
    );
  }

  /**
   * Batches of items of equal shape: [batch, …].
   *
   * @throws ShapeError for items of unequal shape; see `padBatch`
   * @example Dataset.fromArrays([x, y]).batch(32) // [x's rows, y's rows]
   */
  batch(size: number, options: DatasetBatchOptions = {}): Dataset<Collated<Item>> {
    return this.#batch("batch", size, checkOptions<DatasetBatchOptions>("Dataset.batch", options, batchOptions));
  }

  /** Batches of sequences, padded to the longest of each batch: [batch, time, …]. Numbers and texts are not padded. */
  padBatch(size: number, options: PadBatchOptions = {}): Dataset<Collated<Item>> {
    const checked = checkOptions<PadBatchOptions>("Dataset.padBatch", options, padOptions);
    return this.#batch("padBatch", size, checked, checked);
  }

  #batch(
    stage: "batch" | "padBatch",
    items: number,
    { dropRemainder = false }: DatasetBatchOptions,
    padding?: Padding,
  ): Dataset<Collated<Item>> {
    checkOption("Dataset", stage, items, count);
    const whole = dropRemainder ? Math.floor : Math.ceil;
    const size = this.size === undefined ? undefined : whole(this.size / items);
    return this.#with(`${stage}(${items})`, size, (pass) => batchPull(this.open(pass), items, dropRemainder, padding));
  }

  /**
   * Batches of sequences of similar length, padded to the longest of each batch, so that little is computed at padding.
   *
   * @example data.bucketByLength({ boundaries: [50, 100, 200], batchSize: 32 })
   */
  bucketByLength(options: BucketOptions<Item>): Dataset<Collated<Item>> {
    const stage = "Dataset.bucketByLength";
    const {
      boundaries,
      batchSize,
      length,
      dropRemainder = false,
      ...padding
    } = checkOptions<BucketOptions<Item>>(stage, options, bucketOptions as OptionChecks<BucketOptions<Item>>, [
      "boundaries",
      "batchSize",
    ]);
    if (boundaries.some((boundary, i) => i > 0 && boundary <= boundaries[i - 1]!)) {
      throw new ConfigError(`${stage}: boundaries must rise, received ${formatValue(boundaries)}.`);
    }
    const batchSizes =
      typeof batchSize === "number" ? new Array<number>(boundaries.length + 1).fill(batchSize) : batchSize;
    checkOption(stage, "batchSize", batchSizes, listOf("numbers of items", count));
    if (batchSizes.length !== boundaries.length + 1) {
      throw new ConfigError(
        `${stage}: ${boundaries.length} boundaries make ${boundaries.length + 1} buckets, but batchSize has ${batchSizes.length} numbers.`,
      );
    }
    const lengthOf = length ?? lengthOfItem;
    return this.#with(`bucketByLength(${boundaries.join(", ")}; ${batchSizes.join(", ")})`, undefined, (pass) =>
      bucketPull(this.open(pass), { boundaries, batchSizes, lengthOf, dropRemainder }, padding),
    );
  }

  /** The items several times, each time as a new pass; without a number, without end. */
  repeat(times = Number.POSITIVE_INFINITY): Dataset<Item> {
    if (times !== Number.POSITIVE_INFINITY) checkOption("Dataset", "repeat", times, count);
    return new Dataset(repeated(this, times));
  }

  /** Makes up to `ahead` items before they are needed, while the reader works. Default 1. */
  prefetch(ahead = 1): Dataset<Item> {
    checkOption("Dataset", "prefetch", ahead, count);
    // The items are the same: the words stay.
    return new Dataset({
      size: this.size,
      describe: () => this.describe(),
      open: (pass) => prefetchPull(this.open(pass), ahead),
    });
  }

  #with<Result>(stage: string, size: number | undefined, open: (pass: Pass) => Pull<Result>): Dataset<Result> {
    return new Dataset({ open, size, describe: () => `${this.describe()}, ${stage}` });
  }
}
