/**
 * Words ⇄ numbers for taggers: the id of each word without its capitals, the ids of its characters with them, and tags. As data it goes
 * into the model file. Word id 0 is padding and 1 any unknown word; character id 0 stands for none and 1 an unknown one.
 */
import { isTag, pickSentences, type TaggedSentences } from "../../datasets/index.js";
import { expecting, flag, wholeNumber } from "../../options/index.js";
import { checkSchema, distinctTexts, fields, is } from "../../schema/index.js";
import { type Tensor, tensor } from "../../tensor/tensor.js";
import { normalizePersian } from "../../text/index.js";
import { taggerOptions } from "./tagger-options.js";

/** The codec as plain data. */
export interface TaggerVocabulary {
  /** Known words in the order of their ids, from 2 up. */
  readonly words: readonly string[];
  /** Known characters in the order of their ids, from 2 up. */
  readonly characters: readonly string[];
  /** The tags in the order of their numbers. */
  readonly tags: readonly string[];
  /** Number of characters of a word that are read; 0 if the model does not read characters. */
  readonly wordLength: number;
  /** Whether Persian words are brought into one spelling before they are looked up. */
  readonly persian: boolean;
}

/** Inputs of the model for each entry of a table of words. */
export interface EncodedWords {
  /** [words] */
  readonly ids: Int32Array;
  /** [words, wordLength] */
  readonly characters: Uint16Array;
}

/** Inputs of the model, by name. */
export type TaggerInputs = Readonly<Record<string, Tensor>>;

/** The lowest id of what is known. */
const FIRST = 2;
const UNKNOWN = 1;
// Ids of characters fit into two bytes.
const MOST_CHARACTERS = 60_000;

const schema = fields({
  words: distinctTexts(),
  characters: distinctTexts({ most: MOST_CHARACTERS }),
  tags: distinctTexts({ least: 1 }, is(expecting("a tag: O, or B-, I-, E- or S- and a type", isTagText))),
  wordLength: is(wholeNumber(0, taggerOptions.characters.maximum)),
  persian: is(flag),
});

function isTagText(value: unknown): boolean {
  return typeof value === "string" && isTag(value);
}

/** Numbers of words, characters and tags. */
export class TaggerCodec {
  readonly #words: ReadonlyMap<string, number>;
  readonly #characters: ReadonlyMap<string, number>;
  readonly #tags: ReadonlyMap<string, number>;

  constructor(readonly vocabulary: TaggerVocabulary) {
    const numbered = (names: readonly string[], first: number) => new Map(names.map((name, i) => [name, first + i]));
    this.#words = numbered(vocabulary.words, FIRST);
    this.#characters = numbered(vocabulary.characters, FIRST);
    this.#tags = numbered(vocabulary.tags, 0);
  }

  /** @throws FormatError unless `vocabulary` is what a codec wrote */
  static fromJSON(vocabulary: unknown, name: string): TaggerCodec {
    checkSchema(vocabulary, schema, { name, what: "metadata.vocabulary", advice: "Save the model again." });
    return new TaggerCodec(vocabulary as TaggerVocabulary);
  }

  /** Number of word ids. */
  get wordIds(): number {
    return this.vocabulary.words.length + FIRST;
  }

  /** Number of character ids. */
  get characterIds(): number {
    return this.vocabulary.characters.length + FIRST;
  }

  /** The number of a tag; undefined where the model has never seen it. */
  tagId(tag: string): number | undefined {
    return this.#tags.get(tag);
  }

  /** The numbers of a table of tags, −1 for those that the model has never seen. */
  tagNumbers(tags: readonly string[]): Int32Array {
    return Int32Array.from(tags, (tag) => this.tagId(tag) ?? -1);
  }

  /** Each word of a table, once for all the places where it occurs. */
  encodeWords(words: readonly string[]): EncodedWords {
    const { wordLength, persian } = this.vocabulary;
    const ids = new Int32Array(words.length);
    const characters = new Uint16Array(words.length * wordLength);
    words.forEach((given, i) => {
      const word = spelling(given, persian);
      ids[i] = this.#words.get(word.toLowerCase()) ?? UNKNOWN;
      readCharacters(word, wordLength).forEach((character, k) => {
        characters[i * wordLength + k] = this.#characters.get(character) ?? UNKNOWN;
      });
    });
    return { ids, characters };
  }

  /**
   * Sentences side by side, padded at their ends.
   *
   * @param encoded the words of the sentences' table
   * @param steps of each, at least as many as the longest sentence has words
   * @returns words [sentences, steps] and, where they are read, characters [sentences, steps, wordLength]
   */
  inputs(
    { wordIds, starts }: Pick<TaggedSentences, "wordIds" | "starts">,
    encoded: EncodedWords,
    steps: number,
  ): TaggerInputs {
    const { wordLength } = this.vocabulary;
    const count = starts.length - 1;
    const words = new Int32Array(count * steps);
    const characters = new Uint16Array(count * steps * wordLength);
    for (let row = 0; row < count; row++) {
      for (let token = starts[row]!, at = row * steps; token < starts[row + 1]!; token++, at++) {
        const word = wordIds[token]!;
        words[at] = encoded.ids[word]!;
        const own = encoded.characters.subarray(word * wordLength, (word + 1) * wordLength);
        characters.set(own, at * wordLength);
      }
    }
    const ids = { words: tensor(words, [count, steps]) };
    return wordLength === 0 ? ids : { ...ids, characters: tensor(characters, [count, steps, wordLength]) };
  }

  /** Numbers of the tags, [sentences, steps], 0 at padding; `numbers` are those of the sentences' table of tags. */
  targets({ tagIds, starts }: TaggedSentences, numbers: ArrayLike<number>, steps: number): Tensor<Int32Array> {
    const count = starts.length - 1;
    const targets = new Int32Array(count * steps);
    for (let row = 0; row < count; row++) {
      for (let token = starts[row]!, at = row * steps; token < starts[row + 1]!; token++, at++) {
        targets[at] = numbers[tagIds[token]!]!;
      }
    }
    return tensor(targets, [count, steps]);
  }
}

/** Options of a vocabulary. */
export interface VocabularyLimits {
  readonly vocabulary: number;
  readonly minCount: number;
  readonly characters: number;
  readonly persian: boolean;
}

/** Words, characters and tags that occur in sentences. */
export function taggerVocabulary(
  { words, wordIds, tags, tagIds }: TaggedSentences,
  { vocabulary, minCount, characters: wordLength, persian }: VocabularyLimits,
): TaggerVocabulary {
  const counts = new Map<string, number>();
  const characters = new Map<string, number>();
  const occurrences = new Int32Array(words.length);
  for (const word of wordIds) occurrences[word]!++;
  words.forEach((given, i) => {
    if (occurrences[i] === 0) return;
    const word = spelling(given, persian);
    increase(counts, word.toLowerCase(), occurrences[i]!);
    for (const character of readCharacters(word, wordLength)) increase(characters, character, occurrences[i]!);
  });
  const known = byCount(counts).filter((word) => counts.get(word)! >= minCount);
  const used = new Set(Array.from(new Set(tagIds), (id) => tags[id]!));
  return {
    words: known.slice(0, vocabulary),
    characters: byCount(characters).slice(0, MOST_CHARACTERS),
    // O is there, so that a word can be no entity.
    tags: [...new Set(["O", ...[...used].sort()])],
    wordLength,
    persian,
  };
}

/** Sentences in pieces of at most `length` words. The tokens are the same, and so are their numbers. */
export function cutLong(sentences: TaggedSentences, length: number): TaggedSentences {
  const starts: number[] = [];
  for (let i = 0; i + 1 < sentences.starts.length; i++) {
    for (let at = sentences.starts[i]!; at < sentences.starts[i + 1]!; at += length) starts.push(at);
  }
  return { ...sentences, starts: Int32Array.from([...starts, sentences.wordIds.length]) };
}

/** A batch of sentences in the order of their lengths. */
export interface LengthBatch {
  readonly rows: Uint32Array;
  readonly part: TaggedSentences;
  readonly steps: number;
}

/** All sentences, those of similar length together, so that little is padded. */
export function* batchesByLength(sentences: TaggedSentences, batchSize: number): Generator<LengthBatch, void> {
  const { starts } = sentences;
  const lengthOf = (row: number) => starts[row + 1]! - starts[row]!;
  const order = Uint32Array.from({ length: starts.length - 1 }, (_, i) => i).sort(
    (a, b) => lengthOf(a) - lengthOf(b) || a - b,
  );
  for (let first = 0; first < order.length; first += batchSize) {
    const rows = order.subarray(first, first + batchSize);
    // Multiples of four: a program is compiled for every number of steps.
    const steps = Math.max(4, Math.ceil(lengthOf(rows.at(-1)!) / 4) * 4);
    yield { rows, part: pickSentences(sentences, rows), steps };
  }
}

/** A word as it is read. */
function spelling(word: string, persian: boolean): string {
  const unified = word.normalize("NFC");
  return persian && /\p{sc=Arabic}/u.test(unified) ? normalizePersian(unified) : unified;
}

function readCharacters(word: string, limit: number): string[] {
  const all = [...word];
  if (all.length <= limit) return all;
  const end = limit >> 1;
  return [...all.slice(0, limit - end), ...all.slice(all.length - end)];
}

function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Most frequent first; ties in the order of code units, so that nothing depends on the order of sentences. */
function byCount(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([key]) => key);
}
