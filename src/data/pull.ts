/**
 * Pull protocol: a pass over a dataset gives one item at a time, when it is asked. An item that is there at once comes without a promise, so
 * that chains of stages cost little. Nothing runs ahead of the reader, except for `prefetch`.
 */

/** The end of a pass. */
export const END: unique symbol = /* @__PURE__ */ Symbol("end");

/** The next item, or the end. */
export type Next<Item> = Item | typeof END;

/** A pass over the items. A pass that has ended gives `END` again. */
export interface Pull<Item> {
  next(): Next<Item> | Promise<Next<Item>>;
  /** Passes over `count` items without making them, as far as possible. Without it, items are made and dropped. */
  skip?(count: number): void | Promise<void>;
  /** Releases files and threads; called once, also before the end. */
  close?(): void | Promise<void>;
  /** Origin of the items, for errors. Stages that hold items keep their numbers. */
  readonly origin?: Origin;
}

/** Origin of the items of a pass. */
export interface Origin {
  /** Number of the last item in its source. */
  row(): number;
  /** That number in words: "reviews.csv, row 12". */
  words(row: number): string;
}

/** The last item's origin in words. @param index its number in the pass, for items without an origin */
export function placeOf({ origin }: Pull<unknown>, index: number): string {
  return origin ? origin.words(origin.row()) : `item ${index}`;
}

/** Numbers that a pass depends on: equal numbers give equal passes. */
export interface Pass {
  readonly seed: number;
  /** Number of the pass, from 0. */
  readonly epoch: number;
}

/** Passes over `count` items. */
export async function skipItems<Item>(pull: Pull<Item>, count: number): Promise<void> {
  if (pull.skip) return pull.skip(count);
  for (let i = 0; i < count; i++) if ((await pull.next()) === END) return;
}

/** The pass over an iterable. */
export function pullFrom<Item>(items: Iterable<Item> | AsyncIterable<Item>): Pull<Item> {
  const iterator: Iterator<Item> | AsyncIterator<Item> =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const value = ({ done, value }: IteratorResult<Item>): Next<Item> => (done ? END : value);
  return {
    next() {
      const result = iterator.next();
      return result instanceof Promise ? result.then(value) : value(result as IteratorResult<Item>);
    },
    async close() {
      await iterator.return?.();
    },
  };
}

export function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** Whether an iterable is an iterator, such as a generator: it can be read once. */
export function isOneShot(value: Iterable<unknown> | AsyncIterable<unknown>): boolean {
  return "next" in value && typeof value.next === "function";
}

/** The pass as an async iterator. */
export async function* iterate<Item>(pull: Pull<Item>): AsyncGenerator<Item, void, undefined> {
  try {
    for (;;) {
      const item = await pull.next();
      if (item === END) return;
      yield item;
    }
  } finally {
    await pull.close?.();
  }
}
