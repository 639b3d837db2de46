/** Stages of datasets: each makes a pass from the pass before it. */
import { DataError, TavaliError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { Random } from "../tensor/random.js";
import { type Collated, collate, type Padding } from "./collate.js";
import { END, type Next, type Pass, type Pull, skipItems } from "./pull.js";
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
  const place = pull.place?.() ?? `item ${index}`;
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof TavaliError) return new DataError(`${place}: ${reason}`, { cause: error });
  return new DataError(`${place}: the function of ${stage} failed: ${reason}`, { cause: error });
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
    ...source,
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
    ...withoutSkip(source),
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
    ...source,
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
    ...source,
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
  let ended = false;
  return {
    ...withoutSkip(source),
    async next() {
      while (!ended && held.length < buffer) {
        const item = await source.next();
        if (item === END) ended = true;
        else held.push(item);
      }
      if (held.length === 0) return END;
      const at = random.integer(held.length);
      const [item] = held.splice(at, 1, held.at(-1)!);
      held.pop();
      return item as Item;
    },
  };
}

/** @param padding undefined: items have equal shapes */
export function batchPull<Item>(
  source: Pull<Item>,
  size: number,
  dropRemainder: boolean,
  padding: Padding | undefined,
): Pull<Collated<Item>> {
  return {
    ...source,
    async next() {
      const items: Item[] = [];
      while (items.length < size) {
        const next = source.next();
        const item = next instanceof Promise ? await next : next;
        if (item === END) break;
        items.push(item);
      }
      if (items.length === 0 || (dropRemainder && items.length < size)) return END;
      return collate(items, padding);
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
  const buckets: Item[][] = batchSizes.map(() => []);
  let ended = false;
  let index = 0;
  return {
    ...withoutSkip(source),
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
        const bucket = buckets[number]!;
        bucket.push(item);
        if (bucket.length === batchSizes[number]) return collate(bucket.splice(0), padding);
      }
      const rest = dropRemainder ? undefined : buckets.find(({ length }) => length > 0);
      return rest ? collate(rest.splice(0), padding) : END;
    },
  };
}

/** Asks for up to `ahead` items before they are needed. */
export function prefetchPull<Item>(source: Pull<Item>, ahead: number): Pull<Item> {
  const waiting: Promise<Next<Item>>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const ask = () => {
    // One after another: a pass is not asked twice at a time.
    const next = last.then(() => source.next());
    last = next.catch(() => {});
    next.catch(() => {}); // reported when it is read
    waiting.push(next);
  };
  return {
    ...source,
    next() {
      while (waiting.length < ahead + 1) ask();
      return waiting.shift()!;
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

function withoutSkip<Item>({ close, place }: Pull<Item>): Pick<Pull<Item>, "close" | "place"> {
  return { ...(close && { close }), ...(place && { place }) };
}
