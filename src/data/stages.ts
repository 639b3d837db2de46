/** Stages of datasets: each makes a pass from the pass before it. */
import { errorAt, TavaliError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { Random } from "../tensor/random.js";
import { type Collated, collate, type Padding } from "./collate.js";
import { END, type Next, type Pass, type Pull, placeOf, skipItems } from "./pull.js";
import { mixed } from "./source.js";

/** Context of a function of `map`: everything besides the item. */
export interface MapContext {
  /** Number of the item in its pass, from 0. */
  readonly index: number;
  /** Random numbers that depend on the seed, the epoch and the index alone, so that a resumed training draws the same. */
  readonly random: Random;
}

/** Adds the place of an item to an error. */
function located(error: unknown, stage: string, index: number, pull: Pull<unknown>): unknown {
  const place = placeOf(pull, index);
  return errorAt(error instanceof TavaliError ? place : `${place}: the function of ${stage} failed`, error);
}

export function mapPull<Item, Result>(
  source: Pull<Item>,
  change: (item: Item, context: MapContext) => Result | Promise<Result>,
  { seed, epoch }: Pass,
): Pull<Result> {
  let index = 0;
  const apply = (item: Next<Item>): Next<Result> | Promise<Next<Result>> => {
    if (item === END) return END;
    const at = index++;
    const context: MapContext = {
      index: at,
      get random() {
        return new Random(mixed(mixed(seed, epoch), at));
      },
    };
    const failed = (error: unknown) => {
      throw located(error, "map", at, source);
    };
    try {
      const result = change(item, context);
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  };
  return {
    ...through(source),
    next() {
      const item = source.next();
      return item instanceof Promise ? item.then(apply) : apply(item);
    },
    async skip(count) {
      index += count;
      await skipItems(source, count);
    },
  };
}

export function filterPull<Item>(source: Pull<Item>, keep: (item: Item) => boolean | Promise<boolean>): Pull<Item> {
  let index = 0;
  return {
    ...through(source),
    async next() {
      for (;;) {
        const item = await source.next();
        if (item === END) return END;
        try {
          if (await keep(item)) return item;
        } catch (error) {
          throw located(error, "filter", index, source);
        } finally {
          index++;
        }
      }
    },
  };
}

export function takePull<Item>(source: Pull<Item>, most: number): Pull<Item> {
  let left = most;
  return {
    ...through(source),
    next: () => (left-- > 0 ? source.next() : END),
    async skip(count) {
      const passed = Math.min(count, left);
      left -= passed;
      await skipItems(source, passed);
    },
  };
}

export function skipPull<Item>(source: Pull<Item>, first: number): Pull<Item> {
  let left = first;
  const passOver = (more: number) => {
    const count = left + more;
    left = 0;
    return skipItems(source, count);
  };
  return {
    ...through(source),
    async next() {
      if (left > 0) await passOver(0);
      return source.next();
    },
    skip: passOver,
  };
}

/**
 * Shuffles: holds `buffer` items and gives one of them at random, which the next one of the source replaces. The order is uniform if the
 * buffer holds all items.
 */
export function shufflePull<Item>(source: Pull<Item>, buffer: number, random: Random): Pull<Item> {
  const held: Item[] = [];
  const rows: number[] = [];
  const { origin } = source;
  let ended = false;
  let row = 0;
  return {
    ...through(source),
    ...(origin && { origin: { ...origin, row: () => row } }),
    async next() {
      while (!ended && held.length < buffer) {
        const next = source.next();
        const item = next instanceof Promise ? await next : next;
        if (item === END) ended = true;
        else {
          held.push(item);
          if (origin) rows.push(origin.row());
        }
      }
      if (held.length === 0) return END;
      const at = random.integer(held.length);
      row = drawn(rows, at);
      return drawn(held, at);
    },
  };
}

/** Takes an element out; the last one moves to its place. */
function drawn<Element>(elements: Element[], at: number): Element {
  const element = elements[at]!;
  const last = elements.pop()!;
  if (at < elements.length) elements[at] = last;
  return element;
}

/** Items of a batch, with their origins. */
class ItemBuffer<Item> {
  readonly #items: Item[] = [];
  readonly #rows: number[] = [];
  readonly #source: Pull<Item>;

  constructor(source: Pull<Item>) {
    this.#source = source;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Adds the last item of the source. */
  push(item: Item): void {
    this.#items.push(item);
    const { origin } = this.#source;
    if (origin) this.#rows.push(origin.row());
  }

  /** Number of the first item in the source. */
  get row(): number {
    return this.#rows[0] ?? 0;
  }

  batch(padding: Padding | undefined): Collated<Item> {
    const { origin } = this.#source;
    const nameOf = (item: number) => (origin ? `item ${item} (${origin.words(this.#rows[item]!)})` : `item ${item}`);
    return collate(this.#items, padding, nameOf);
  }
}

/** @param padding undefined: items have equal shapes */
export function batchPull<Item>(
  source: Pull<Item>,
  size: number,
  dropRemainder: boolean,
  padding: Padding | undefined,
): Pull<Collated<Item>> {
  let items = new ItemBuffer(source);
  return {
    ...through(source),
    ...originOfBatches(source, () => items.row),
    async next() {
      items = new ItemBuffer(source);
      while (items.length < size) {
        const next = source.next();
        const item = next instanceof Promise ? await next : next;
        if (item === END) break;
        items.push(item);
      }
      return items.length === 0 || (dropRemainder && items.length < size) ? END : items.batch(padding);
    },
    skip: (count) => skipItems(source, count * size),
  };
}

/** Batches of items of similar length: a bucket gives a batch when it is full, and what is left at the end, the shortest first. */
export function bucketPull<Item>(
  source: Pull<Item>,
  {
    boundaries,
    batchSizes,
    lengthOf,
    dropRemainder,
  }: {
    readonly boundaries: readonly number[];
    readonly batchSizes: readonly number[];
    readonly lengthOf: (item: Item) => number;
    readonly dropRemainder: boolean;
  },
  padding: Padding,
): Pull<Collated<Item>> {
  const buckets = batchSizes.map(() => new ItemBuffer(source));
  let row = 0;
  const taken = (number: number) => {
    const full = buckets[number]!;
    buckets[number] = new ItemBuffer(source);
    row = full.row;
    return full.batch(padding);
  };
  let ended = false;
  let index = 0;
  return {
    ...through(source),
    ...originOfBatches(source, () => row),
    async next() {
      while (!ended) {
        const item = await source.next();
        if (item === END) {
          ended = true;
          break;
        }
        const length = lengthOf(item);
        if (!(length >= 0)) throw located(`the length is ${formatValue(length)}`, "bucketByLength", index, source);
        index++;
        const at = boundaries.findIndex((boundary) => length < boundary);
        const number = at === -1 ? boundaries.length : at;
        buckets[number]!.push(item);
        if (buckets[number]!.length === batchSizes[number]) return taken(number);
      }
      const rest = dropRemainder ? -1 : buckets.findIndex(({ length }) => length > 0);
      return rest === -1 ? END : taken(rest);
    },
  };
}

/** Asks for up to `ahead` items before they are needed. */
export function prefetchPull<Item>(source: Pull<Item>, ahead: number): Pull<Item> {
  const { origin } = source;
  type Asked = { readonly item: Next<Item>; readonly row: number };
  const waiting: Promise<Asked>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let row = 0;
  const read = async (): Promise<Asked> => {
    const item = await source.next();
    return { item, row: origin?.row() ?? 0 };
  };
  const ask = () => {
    // One after another: a pass is not asked twice at a time.
    const next = last.then(read);
    last = next.catch(() => {});
    next.catch(() => {}); // reported when it is read
    waiting.push(next);
  };
  return {
    ...through(source),
    ...(origin && { origin: { ...origin, row: () => row } }),
    async next() {
      while (waiting.length < ahead + 1) ask();
      const asked = await waiting.shift()!;
      row = asked.row;
      return asked.item;
    },
    async skip(count) {
      const asked = waiting.splice(0, count);
      await Promise.all(asked);
      await last;
      await skipItems(source, count - asked.length);
    },
    async close() {
      await last;
      await source.close?.();
    },
  };
}

/** The origin of batches: their first items. */
function originOfBatches({ origin }: Pull<unknown>, row: () => number): Pick<Pull<unknown>, "origin"> {
  return origin ? { origin: { row, words: (first) => `the batch that begins with ${origin.words(first)}` } } : {};
}

/** The end and the origin of the pass before. Passes may be classes, whose methods are not copied by a spread. */
function through(source: Pull<unknown>): Pick<Pull<unknown>, "close" | "origin"> {
  return { close: () => source.close?.(), ...(source.origin && { origin: source.origin }) };
}
