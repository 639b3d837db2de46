/**
 * Words ⇄ ids with the semantics of Keras's `Tokenizer`: rank 1 is the most frequent word, ties keep the order in which
 * words were first seen, 0 is never used, and `numWords` keeps ids below it. One addition: `unicode` for every script.
 */
import { ConfigError, DataError, StateError } from "../errors.js";
import { checkOptions, formatValue } from "../options/index.js";
import { eachText, expectIds, expectText, expectTexts, notText } from "../tensor/expect-text.js";
import type { Tensor } from "../tensor/tensor.js";
import { KERAS_FILTERS, kerasWords, normalizeUnicode, type SplitWords, unicodeWords } from "./split-words.js";
import { readTokenizerJSON, type TokenizerJSON, writeTokenizerJSON } from "./tokenizer-json.js";
import { type TokenizerOptions, tokenizerOptions } from "./tokenizer-options.js";

/** A text, or the list of its tokens when it is already cut. */
export type TextOrTokens = string | readonly string[];

/** Value of a cell of the matrix: presence, count, share of the sequence, or tf–idf weight. */
export type MatrixMode = "binary" | "count" | "freq" | "tfidf";

/** Numbers of the largest matrix that can be made. */
const LARGEST = 2 ** 31;

/**
 * A vocabulary learnt from texts.
 *
 * @throws ConfigError for an option that is not valid
 * @see https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/Tokenizer
 * @example
 * const tokenizer = new Tokenizer({ numWords: 10000, oovToken: "<unknown>" });
 * tokenizer.fitOnTexts(texts);
 * const x = padSequences(tokenizer.textsToSequences(texts), { maxlen: 200 });
 */
export class Tokenizer {
  readonly numWords: number | null;
  readonly filters: string;
  readonly lower: boolean;
  readonly split: string;
  readonly charLevel: boolean;
  readonly oovToken: string | null;
  readonly unicode: boolean;
  /** Texts seen by the fits so far. */
  documentCount = 0;
  /** Word → how often it occurred, in the order of first sight. */
  readonly wordCounts = new Map<string, number>();
  /** Word → in how many texts it occurred. */
  readonly wordDocs = new Map<string, number>();
  /** Word → id, most frequent first. */
  readonly wordIndex = new Map<string, number>();
  /** Id → word. */
  readonly indexWord = new Map<number, string>();
  /** Id → in how many texts the word occurred. */
  readonly indexDocs = new Map<number, number>();
  readonly #words: SplitWords;

  constructor(options: TokenizerOptions = {}) {
    const { unicode = false, numWords = null } = checkOptions("Tokenizer", options, tokenizerOptions);
    if (unicode && (options.filters !== undefined || options.split !== undefined)) {
      throw new ConfigError("Tokenizer: unicode cuts words by itself; leave out filters and split, or unicode.");
    }
    if (options.split === "") {
      throw new ConfigError("Tokenizer: split must not be empty; use charLevel: true to cut into characters.");
    }
    this.numWords = numWords;
    this.filters = options.filters ?? KERAS_FILTERS;
    this.lower = options.lower ?? true;
    this.split = options.split ?? " ";
    this.charLevel = options.charLevel ?? false;
    this.oovToken = options.oovToken ?? null;
    this.unicode = unicode;
    this.#words = unicode ? unicodeWords : kerasWords(this.filters, this.split);
  }

  /** The tokens of one text as this tokenizer cuts it. A list of tokens is only lower-cased. */
  tokens(text: TextOrTokens): string[] {
    checkText("Tokenizer: text", text);
    if (typeof text !== "string") return text.map((token) => (this.lower ? token.toLowerCase() : token));
    const cased = this.lower ? text.toLowerCase() : text;
    if (!this.charLevel) return this.#words(cased);
    return [...(this.unicode ? normalizeUnicode(cased) : cased)];
  }

  /**
   * Counts words and ranks them. Repeated calls accumulate.
   *
   * @throws DataError when `texts` is a single string
   */
  fitOnTexts(texts: Iterable<TextOrTokens>): void {
    for (const text of eachText("Tokenizer.fitOnTexts: texts", texts, checkText)) {
      this.documentCount++;
      const tokens = this.tokens(text);
      for (const token of tokens) increase(this.wordCounts, token);
      for (const token of new Set(tokens)) increase(this.wordDocs, token);
    }
    const ranked = [...this.wordCounts].sort(([, a], [, b]) => b - a).map(([word]) => word);
    if (this.oovToken !== null) ranked.unshift(this.oovToken);
    this.wordIndex.clear();
    this.indexWord.clear();
    this.indexDocs.clear();
    ranked.forEach((word, i) => {
      this.wordIndex.set(word, i + 1);
    });
    for (const [word, id] of this.wordIndex) this.indexWord.set(id, word);
    for (const [word, count] of this.wordDocs) this.indexDocs.set(this.wordIndex.get(word)!, count);
  }

  /** Texts → lists of ids, `[texts][time]`; unknown and rare words become the OOV id, or are dropped without one. */
  textsToSequences(texts: Iterable<TextOrTokens>): number[][] {
    const oov = this.#oovId;
    return Array.from(eachText("Tokenizer.textsToSequences: texts", texts, checkText), (text) => {
      const ids: number[] = [];
      for (const token of this.tokens(text)) {
        const id = this.wordIndex.get(token);
        const kept = id !== undefined && this.#allows(id) ? id : oov;
        if (kept !== undefined) ids.push(kept);
      }
      return ids;
    });
  }

  /** Lists of ids → texts, words joined by a space; ids without a word become the OOV word, or are dropped without one. */
  sequencesToTexts(sequences: Iterable<ArrayLike<number>>): string[] {
    const oov = this.#oovId === undefined ? undefined : this.indexWord.get(this.#oovId);
    return Array.from(eachText("Tokenizer.sequencesToTexts: sequences", sequences, expectIds), (sequence) =>
      Array.from(sequence, (id) => (this.#allows(id) ? (this.indexWord.get(id) ?? oov) : oov))
        .filter((word) => word !== undefined)
        .join(" "),
    );
  }

  /**
   * One row of word weights per sequence: `count` c, `binary` 1, `freq` c / length, `tfidf` (1 + ln c) · ln(1 + D / (1 + df)),
   * where D is the number of fitted texts and df those that hold the word.
   *
   * @returns `[sequences, numWords or words + 1]`
   * @throws ConfigError for an unknown mode, StateError before a fit, DataError for an id that is not a whole number ≥ 0
   */
  sequencesToMatrix(sequences: readonly ArrayLike<number>[], mode: MatrixMode = "binary"): Tensor<Float32Array> {
    if (!Array.isArray(sequences)) throw notText("Tokenizer: sequences", sequences, "a list of lists of ids");
    const width = this.numWords || (this.wordIndex.size > 0 ? this.wordIndex.size + 1 : 0);
    if (width === 0 || (mode === "tfidf" && this.documentCount === 0)) {
      throw new StateError(`Tokenizer: a ${mode} matrix needs a vocabulary; call fitOnTexts first or give numWords.`);
    }
    const weigh = this.#weight(mode);
    if (sequences.length * width > LARGEST) {
      throw new ConfigError(
        `Tokenizer: a matrix of ${sequences.length} rows and ${width} columns is too large; give a smaller numWords, or fewer texts at a time.`,
      );
    }
    const data = new Float32Array(sequences.length * width);
    sequences.forEach((sequence, row) => {
      const counts = new Map<number, number>();
      expectIds(`Tokenizer: sequences[${row}]`, sequence);
      for (let i = 0; i < sequence.length; i++) {
        const id = sequence[i]!;
        if (!Number.isInteger(id) || id < 0) {
          throw new DataError(`Tokenizer: sequence ${row} holds ${id} at ${i}; ids are whole numbers from 0 up.`);
        }
        if (id < width) increase(counts, id);
      }
      for (const [id, count] of counts) data[row * width + id] = weigh(id, count, sequence.length);
    });
    return { data, shape: [sequences.length, width] };
  }

  /** {@link sequencesToMatrix} of {@link textsToSequences}. */
  textsToMatrix(texts: Iterable<TextOrTokens>, mode: MatrixMode = "binary"): Tensor<Float32Array> {
    return this.sequencesToMatrix(this.textsToSequences(texts), mode);
  }

  /** Keras's JSON form; `JSON.stringify(tokenizer)` is what Keras's `tokenizer_from_json` reads (without `unicode`). */
  toJSON(): TokenizerJSON {
    return writeTokenizerJSON(this);
  }

  /**
   * A tokenizer from Keras's JSON form.
   *
   * @param json the text, or the object parsed from it
   * @throws FormatError when it is not a tokenizer's JSON
   */
  static fromJSON(json: string | TokenizerJSON): Tokenizer {
    const { options, documentCount, wordCounts, wordDocs, wordIndex } = readTokenizerJSON(json);
    const tokenizer = new Tokenizer(options);
    tokenizer.documentCount = documentCount;
    for (const [word, count] of wordCounts) tokenizer.wordCounts.set(word, count);
    for (const [word, count] of wordDocs) tokenizer.wordDocs.set(word, count);
    for (const [word, id] of wordIndex) {
      tokenizer.wordIndex.set(word, id);
      tokenizer.indexWord.set(id, word);
      const documents = tokenizer.wordDocs.get(word);
      if (documents !== undefined) tokenizer.indexDocs.set(id, documents);
    }
    return tokenizer;
  }

  get #oovId(): number | undefined {
    return this.oovToken === null ? undefined : this.wordIndex.get(this.oovToken);
  }

  #allows(id: number): boolean {
    return !this.numWords || id < this.numWords;
  }

  #weight(mode: MatrixMode): (id: number, count: number, length: number) => number {
    switch (mode) {
      case "binary":
        return () => 1;
      case "count":
        return (_, count) => count;
      case "freq":
        return (_, count, length) => count / length;
      case "tfidf":
        return (id, count) =>
          (1 + Math.log(count)) * Math.log(1 + this.documentCount / (1 + (this.indexDocs.get(id) ?? 0)));
      default:
        throw new ConfigError(
          `Tokenizer: mode must be "binary", "count", "freq" or "tfidf", received ${formatValue(mode)}.`,
        );
    }
  }
}

/** A {@link Tokenizer} with these options, fitted on `texts` where given. */
export function wordTokenizer(options: TokenizerOptions = {}, texts?: Iterable<TextOrTokens>): Tokenizer {
  const tokenizer = new Tokenizer(options);
  if (texts !== undefined) tokenizer.fitOnTexts(texts);
  return tokenizer;
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function checkText(place: string, text: unknown): TextOrTokens {
  return typeof text === "string" ? text : Array.isArray(text) ? expectTexts(place, text) : expectText(place, text);
}
