/**
 * Texts ⇄ ids for models that classify texts, as data that goes into the model file: how a text is cut, and the known words or
 * characters in the order of their ids. Id 0 is padding, id 1 any unknown one.
 */
import { checkOptions, count, flag, oneOf, wholeNumber } from "../../options/index.js";
import { checkSchema, distinctTexts, fields, is } from "../../schema/index.js";
import { expectText, expectTexts } from "../../tensor/expect-text.js";
import type { Tensor } from "../../tensor/tensor.js";
import { TokenCounts } from "../../text/count-tokens.js";
import { normalizePersian, padSequences } from "../../text/index.js";
import { normalizeUnicode, unicodeWords } from "../../text/split-words.js";

/** Settings for cutting texts into pieces. */
export interface Reading {
  /** Unit that has an id. */
  readonly pieces: "words" | "characters";
  /** Whether Persian is brought into one spelling first, by `normalizePersian`. */
  readonly persian: boolean;
}

/** A vocabulary as plain data. */
export interface VocabularyData extends Reading {
  /** The known words or characters; the first has the id 2. */
  readonly known: readonly string[];
}

/** Limits of a vocabulary. */
export interface VocabularyLimits {
  /** Ids there are at most, those of padding and of what is unknown among them. */
  readonly limit: number;
  /** Number of times that a piece must occur to be known; default 1. */
  readonly minCount?: number;
}

const schema = fields({ pieces: is(oneOf("words", "characters")), persian: is(flag), known: distinctTexts() });

const firstId = 2;
const unknownId = 1;

/** A vocabulary and how texts are read with it. */
export class Vocabulary {
  readonly data: VocabularyData;
  readonly #ids: ReadonlyMap<string, number>;

  constructor(data: VocabularyData) {
    this.data = data;
    this.#ids = new Map(data.known.map((piece, i) => [piece, i + firstId]));
  }

  /** The most frequent words or characters of texts. */
  static of(texts: Iterable<string>, reading: Reading, limits: VocabularyLimits): Vocabulary {
    const checks = { limit: wholeNumber(3), minCount: count };
    const { limit, minCount = 1 } = checkOptions("Vocabulary.of", limits, checks, ["limit"]);
    const counts = new TokenCounts();
    for (const text of texts) for (const piece of cut(text, reading)) counts.add(piece);
    return new Vocabulary({ ...reading, known: counts.kept({ limit: limit - 1, minCount }, "Vocabulary") });
  }

  /** @throws FormatError unless `data` are what a vocabulary wrote */
  static fromJSON(data: unknown, name: string): Vocabulary {
    checkSchema(data, schema, { name, what: "metadata.vocabulary", advice: "Save the model again." });
    const { pieces, persian, known } = data as VocabularyData;
    return new Vocabulary({ pieces, persian, known });
  }

  /** Number of ids: those of the known pieces, of unknown ones and of padding. */
  get size(): number {
    return this.data.known.length + firstId;
  }

  /** The id of a word or character, undefined for an unknown one. */
  idOf(piece: string): number | undefined {
    return this.#ids.get(piece);
  }

  /** The words or characters of a text in their order, as they are looked up. */
  cut(text: string): string[] {
    return cut(text, this.data);
  }

  /**
   * The last `length` words or characters of each text, padded behind.
   *
   * @returns `[texts, time]`, where time is that of the longest text, at least 1, at most `length`
   */
  encode(texts: readonly string[], length: number): Tensor<Int32Array> {
    const rows = expectTexts("Vocabulary.encode: texts", texts).map((text) =>
      Int32Array.from(this.cut(text), (piece) => this.#ids.get(piece) ?? unknownId),
    );
    const longest = rows.reduce((most, row) => Math.max(most, row.length), 1);
    return padSequences(rows, { maxlen: Math.min(length, longest), padding: "post" });
  }

  /** The words or characters of a text; one that has no id is in ‹ ›. */
  tokens(text: string): string[] {
    return this.cut(text).map((piece) => (this.#ids.has(piece) ? piece : `‹${piece}›`));
  }

  /** The words or characters of a text that have no id, in their order, each once. */
  unknown(text: string): string[] {
    return [...new Set(this.cut(text).filter((piece) => !this.#ids.has(piece)))];
  }
}

function cut(given: string, { pieces, persian }: Reading): string[] {
  const text = expectText("Vocabulary: text", given);
  const lower = (persian ? normalizePersian(text) : text).toLowerCase();
  return pieces === "words" ? unicodeWords(lower) : [...normalizeUnicode(lower)];
}
