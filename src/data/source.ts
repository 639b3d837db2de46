/** Sources: how a dataset, an iterable or a function makes passes over items. */
import { DataError } from "../errors.js";
import { kindOf } from "../tensor/kind.js";
import { END, isIterable, isOneShot, type Pass, type Pull, pullFrom } from "./pull.js";

/** Makes passes over items. */
export interface DatasetSource<Item> {
  /** Begins a pass. */
  open(pass: Pass): Pull<Item>;
  /** Number of items in a pass; undefined if it is not known. */
  readonly size: number | undefined;
  /** The source in words, for checkpoints: a training resumes only with equal words. */
  describe(): string;
}

/** Items, or a function that gives them for each pass. */
export type ItemsOf<Item> =
  | Iterable<Item>
  | AsyncIterable<Item>
  | ((pass: Pass) => Iterable<Item> | AsyncIterable<Item>);

/** The source of an iterable; a dataset is a source itself. @param what the call, in messages */
export function sourceOf<Item>(items: ItemsOf<Item>, what: string): DatasetSource<Item> {
  return typeof items === "object" && "open" in items && "describe" in items
    ? (items as unknown as DatasetSource<Item>)
    : iterableSource(items, what);
}

/** The source of an iterable. @param what the call, in messages @throws DataError for something else */
export function iterableSource<Item>(items: ItemsOf<Item>, what: string): DatasetSource<Item> {
  const size = Array.isArray(items) ? items.length : undefined;
  if (typeof items === "string" || (typeof items !== "function" && !isIterable(items))) {
    throw new DataError(`${what}: expected an iterable, or a function that gives one, received ${kindOf(items)}.`);
  }
  let read = false;
  return {
    size,
    describe: () => (size === undefined ? "an iterable" : `a list of ${size}`),
    open(pass) {
      const given = typeof items === "function" ? items(pass) : items;
      if (!isIterable(given)) {
        throw new DataError(`${what}: the function must give an iterable, it gave ${kindOf(given)}.`);
      }
      if (given === items && isOneShot(given)) {
        if (read) {
          throw new DataError(
            `${what}: a generator can be read once only, and this one was. Give the generator function instead, without calling it.`,
          );
        }
        read = true;
      }
      return pullFrom(given as Iterable<Item> | AsyncIterable<Item>);
    },
  };
}

/** The source several times, each time as another pass. */
export function repeated<Item>(source: DatasetSource<Item>, times: number): DatasetSource<Item> {
  const { size } = source;
  return {
    size: size === undefined ? undefined : size === 0 ? 0 : size * times,
    describe: () => `${source.describe()}, repeat(${times})`,
    open({ seed, epoch }) {
      const first = times === Number.POSITIVE_INFINITY ? 0 : epoch * times;
      const own = times === Number.POSITIVE_INFINITY ? mixed(seed, epoch) : seed;
      return repeatPull((number) => source.open({ seed: own, epoch: first + number }), times);
    },
  };
}

/** Passes one after another. @param open makes the pass of a number, from 0 */
function repeatPull<Item>(open: (number: number) => Pull<Item>, times: number): Pull<Item> {
  let number = 0;
  let empty = true;
  let current = open(0);
  return {
    async next() {
      for (;;) {
        const item = await current.next();
        if (item !== END) {
          empty = false;
          return item;
        }
        // An empty dataset has no end to wait for.
        if (number + 1 >= times || empty) return END;
        await current.close?.();
        current = open(++number);
      }
    },
    close: () => current.close?.(),
    ...(current.origin && {
      origin: { row: () => current.origin!.row(), words: (row: number) => current.origin!.words(row) },
    }),
  };
}

/** A seed from two. */
export function mixed(seed: number, with_: number): number {
  return (Math.imul(seed ^ (with_ + 0x9e3779b9), 0x85ebca6b) ^ (seed >>> 15) ^ Math.imul(with_, 0xc2b2ae35)) | 0;
}
