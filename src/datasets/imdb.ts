/**
 * IMDB movie reviews as sequences of word ids (Maas et al. 2011), exactly as Keras's `imdb.load_data` returns them: the same
 * order for the same seed, the same filters in the same order. Platform-neutral: fetching, caching and paths are loaded
 * from the Node adapters when they are needed; a browser gives `bytes`.
 */
import { ConfigError, FormatError } from "../errors.js";
import {
  abortSignal,
  aFunction,
  anObject,
  anything,
  checkOptions,
  counted,
  integer,
  type OptionChecks,
  orNull,
  text,
} from "../options/index.js";
import { expectBytes } from "../tensor/expect-bytes.js";
import { decode as decodeIds, type WordIndex } from "../text/decode.js";
import type { DownloadProgress, RemoteFile } from "./cache-node.js";
import { gunzip, isGzip } from "./gunzip.js";
import { requireNode } from "./node-only.js";
import { isObjectArray, type NpyArray } from "./npy.js";
import { readNpz } from "./npz.js";
import { NumpyRandom } from "./numpy-random.js";

const SERVER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/";
const DATA: RemoteFile = {
  name: "imdb.npz",
  url: `${SERVER}imdb.npz`,
  algorithm: "sha256",
  hash: "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
  limit: 128 * 2 ** 20,
};
const WORD_INDEX: RemoteFile = {
  name: "imdb_word_index.json",
  url: `${SERVER}imdb_word_index.json`,
  algorithm: "md5",
  hash: "bfafd718b763782e994055a2d397834f",
  limit: 32 * 2 ** 20,
};
const MOST_IDS = 2 ** 26;

/** Source of a file of the data set. By default it is fetched once and kept in the cache. */
export interface SourceOptions {
  /** A local copy (Node). */
  path?: string | undefined;
  /** The content itself, for the browser. */
  bytes?: Uint8Array | undefined;
  /** Another address of the same file, such as a mirror; its hash is still checked. */
  url?: string | undefined;
  /** Called as bytes arrive. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Stops loading. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link loadData}; Keras's in camelCase. */
export interface ImdbOptions extends SourceOptions {
  /** Ids from here up become `oovChar`; it counts shifted ids. By default the largest id in the data. */
  numWords?: number | null | undefined;
  /** Ids below this become `oovChar`, the start token too; 0 by default. */
  skipTop?: number | undefined;
  /** Reviews of this length or longer, with the start token, are left out. By default all stay. */
  maxlen?: number | null | undefined;
  /** Seed of the order; 113 by default. */
  seed?: number | undefined;
  /** The id every review starts with, or null to leave it out; 1 by default. */
  startChar?: number | null | undefined;
  /** The id of words left out, or null to delete them; 2 by default. */
  oovChar?: number | null | undefined;
  /** Added to word ids; 3 by default. */
  indexFrom?: number | null | undefined;
}

const sourceOptions: OptionChecks<SourceOptions> = {
  path: text,
  bytes: anObject,
  url: text,
  onProgress: aFunction,
  signal: orNull(abortSignal),
};
const decodeOptions = { indexFrom: orNull(integer), startChar: orNull(integer) };
const imdbOptions: OptionChecks<ImdbOptions> = {
  ...sourceOptions,
  ...decodeOptions,
  numWords: orNull(integer),
  skipTop: integer,
  maxlen: orNull(integer),
  seed: anything,
  oovChar: orNull(integer),
};

/** Reviews as ids, and their labels: 0 negative, 1 positive. */
export interface LabelledIds {
  /** One Int32Array of ids per review. */
  x: Int32Array[];
  /** `[reviews]` */
  y: Int32Array;
}

/**
 * Loads the reviews: 25,000 to train on and 25,000 to test on.
 *
 * @returns `x` as lists of ids (pad them with `padSequences`) and `y` as 0 or 1
 * @throws ConfigError for an option that is not valid or leaves no review, FormatError for a file that is not the data set,
 *   TavaliError when it cannot be fetched
 * @see https://keras.io/api/datasets/imdb/
 * @example
 * const { train } = await imdb.loadData({ numWords: 10000 });
 * const x = padSequences(train.x, { maxlen: 500 });
 */
export async function loadData(options: ImdbOptions = {}): Promise<{ train: LabelledIds; test: LabelledIds }> {
  checkOptions("imdb.loadData", options, imdbOptions);
  const { numWords, skipTop = 0, maxlen, seed = 113, startChar = 1, oovChar = 2, indexFrom = 3 } = options;
  const random = new NumpyRandom(seed);
  const { bytes, name } = await content(DATA, "imdb.loadData", options);
  const arrays = readNpz(bytes, { name });
  const [train, test] = (["train", "test"] as const).map((part) => {
    const { x, y } = readPart(arrays, part, name);
    const order = random.permutation(x.length);
    const start = startChar === null ? [] : [startChar];
    const shift = indexFrom ?? 0;
    let rows = Array.from(order, (i) => ({ ids: shifted(x[i]!, start, shift), label: y[i]! }));
    if (maxlen) rows = rows.filter(({ ids }) => ids.length < maxlen);
    if (rows.length > 0) return rows;
    throw new ConfigError(
      `imdb.loadData: after filtering for reviews shorter than maxlen=${maxlen}, no ${part} review was kept. Increase maxlen.`,
    );
  }) as [Row[], Row[]];
  const limit = numWords || largestId([...train, ...test]);
  const kept = (id: number) => id >= skipTop && id < limit;
  const finish = (rows: Row[]): LabelledIds => ({
    x: rows.map(({ ids }) => (oovChar === null ? ids.filter(kept) : ids.map((id) => (kept(id) ? id : oovChar)))),
    y: Int32Array.from(rows, ({ label }) => label),
  });
  return { train: finish(train), test: finish(test) };
}

/**
 * Word → rank, 1 being the most frequent word; an id in the data is the rank + `indexFrom`.
 *
 * @throws FormatError for a file that is not a word index, TavaliError when it cannot be fetched
 */
export async function getWordIndex(options: SourceOptions = {}): Promise<Map<string, number>> {
  checkOptions("imdb.getWordIndex", options, sourceOptions);
  const { bytes, name } = await content(WORD_INDEX, "imdb.getWordIndex", options);
  const text = isGzip(bytes) ? gunzip(bytes, name, WORD_INDEX.limit) : bytes;
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch (cause) {
    throw new FormatError(`${name}: is not valid JSON; expected a word index such as {"the": 1, …}.`, { cause });
  }
  const entries = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? Object.entries(parsed) : [];
  if (entries.length === 0 || !entries.every(([, rank]) => Number.isInteger(rank) && rank > 0)) {
    throw new FormatError(`${name}: is not a word index; expected an object of word → rank, ranks from 1 up.`);
  }
  return new Map(entries as [string, number][]);
}

/**
 * The words of a review. Padding and the start token are left out; words left out of the data are shown as "?".
 *
 * @param ids one review from {@link loadData}, padded or not
 * @param wordIndex from {@link getWordIndex}
 * @param options the `indexFrom` and `startChar` that the data was loaded with, where not 3 and 1
 */
export function decode(
  ids: ArrayLike<number>,
  wordIndex: WordIndex,
  options: Pick<ImdbOptions, "indexFrom" | "startChar"> = {},
): string {
  const { indexFrom = 3, startChar = 1 } = checkOptions("imdb.decode", options, decodeOptions);
  const shift = indexFrom ?? 0;
  const skip = startChar !== null && startChar <= shift ? [0, startChar] : [0];
  return decodeIds(ids, wordIndex, { indexFrom: shift, skip });
}

interface Row {
  ids: Int32Array;
  label: number;
}

async function content(file: RemoteFile, caller: string, options: SourceOptions) {
  if (options.bytes !== undefined) return { bytes: expectBytes(`${caller}: bytes`, options.bytes), name: file.name };
  requireNode(`${caller} without bytes`, `Fetch ${file.url} and give its content as bytes.`);
  if (options.path !== undefined) {
    const { readFileBytes } = await import("./files-node.js");
    return { bytes: await readFileBytes(options.path, file.limit, options.signal), name: options.path };
  }
  const { cachedFile } = await import("./cache-node.js");
  return { bytes: await cachedFile({ ...file, url: options.url ?? file.url }, options), name: file.name };
}

function readPart(arrays: Map<string, NpyArray>, part: "train" | "test", name: string) {
  const x = arrays.get(`x_${part}`);
  const y = arrays.get(`y_${part}`);
  if (x === undefined || y === undefined || !isObjectArray(x) || isObjectArray(y)) {
    throw new FormatError(
      `${name}: is not the IMDB data set: expected x_${part} as an array of lists and y_${part} as an array of numbers, ` +
        `found ${[...arrays.keys()].join(", ")}.`,
    );
  }
  if (x.items.length !== y.data.length) {
    throw new FormatError(
      `${name}: x_${part} has ${counted(x.items.length, "review")}, y_${part} has ${y.data.length} labels.`,
    );
  }
  let total = 0;
  for (let i = 0; i < x.items.length; i++) {
    const ids = x.items[i];
    if (!Array.isArray(ids)) throw new FormatError(`${name}: review ${i} of x_${part} is not a list of ids.`);
    // Counted before anything is copied: in a pickle one list can stand for many.
    total += ids.length;
    if (total > MOST_IDS) throw new FormatError(`${name}: x_${part} has more than ${MOST_IDS} ids.`);
  }
  const lists = Array.from(x.items as ArrayLike<number[]>, (ids, i) => {
    if (ids.every((id) => id === (id | 0))) return Int32Array.from(ids);
    throw new FormatError(`${name}: review ${i} of x_${part} holds something that is not an id.`);
  });
  return { x: lists, y: y.data };
}

function shifted(ids: Int32Array, start: readonly number[], shift: number): Int32Array {
  const result = new Int32Array(start.length + ids.length);
  result.set(start);
  for (let i = 0; i < ids.length; i++) result[start.length + i] = ids[i]! + shift;
  return result;
}

function largestId(rows: readonly Row[]): number {
  return rows.reduce((most, { ids }) => ids.reduce((a, b) => Math.max(a, b), most), 0);
}
