/** Decoding: ids → words. */
import { ConfigError } from "../errors.js";
import { checkOptions, integer, listOf, type OptionChecks, text } from "../options/index.js";
import { expectIds } from "../tensor/expect-text.js";

/** Word → rank or id; a Map, or a plain object such as one read from a JSON file. */
export type WordIndex = ReadonlyMap<string, number> | Readonly<Record<string, number>>;

/** Options of {@link decode}. */
export interface DecodeOptions {
  /** Difference between an id and the word's number in the index: 0 for a Tokenizer's, 3 for IMDB's. */
  indexFrom?: number;
  /** Ids without a word, which are left out; `[0]`, the padding, by default. */
  skip?: readonly number[];
  /** Written for ids without a word; "?" by default. */
  unknown?: string;
}

const decodeOptions: OptionChecks<DecodeOptions> = {
  indexFrom: integer,
  skip: listOf("whole numbers", integer, 0),
  unknown: text,
};

/**
 * The words of a sequence, joined by spaces.
 *
 * @param ids `[time]`, any array of integers
 * @param wordIndex word → number, where `id = number + indexFrom`
 * @throws ConfigError when `wordIndex` is not an index
 * @example decode([0, 2, 1], { the: 1, cat: 2 }) // "cat the"
 */
export function decode(ids: ArrayLike<number>, wordIndex: WordIndex, options: DecodeOptions = {}): string {
  const { indexFrom = 0, skip = [0], unknown = "?" } = checkOptions("decode", options, decodeOptions);
  if (typeof wordIndex !== "object" || wordIndex === null) {
    throw new ConfigError("decode: wordIndex must be a Map or an object of word → number; pass tokenizer.wordIndex.");
  }
  const kept = Array.from(expectIds("decode: ids", ids)).filter((id) => !skip.includes(id));
  const words = new Map<number, string>(kept.map((id) => [id - indexFrom, unknown]));
  const entries = wordIndex instanceof Map ? wordIndex.entries() : Object.entries(wordIndex);
  for (const [word, number] of entries) if (words.has(number)) words.set(number, word);
  return kept.map((id) => words.get(id - indexFrom)).join(" ");
}
