/**
 * Text codecs: text ⇄ ids of characters, words or byte-pair subwords. A codec is plain data, so it is saved inside a model's file, and
 * encodes texts there exactly as in training.
 */
import type { TextPreparation } from "./text-preparation.js";
import type { PieceTokenizerJSON } from "./tokenizer-file.js";

/** A codec as plain data for `JSON.stringify`; {@link textCodecFromJSON} reads it. */
export type TextCodecJSON = CharacterCodecJSON | WordCodecJSON | PieceCodecJSON;

/** A codec of characters as plain data. */
export interface CharacterCodecJSON extends TextPreparation {
  readonly kind: "characters";
  /** The known characters, in the order of their ids from 1 up. */
  readonly characters: string;
}

/** A codec of words as plain data. */
export interface WordCodecJSON extends TextPreparation {
  readonly kind: "words";
  /** The known words, in the order of their ids from 1 up. */
  readonly words: readonly string[];
}

/** A codec of byte-pair subwords as plain data. */
export interface PieceCodecJSON extends TextPreparation {
  readonly kind: "pieces";
  /** The subwords, in the form that Hugging Face's tokenizers read. */
  readonly tokenizer: PieceTokenizerJSON;
}

/** Text ⇄ ids of characters, words or byte-pair subwords. */
export interface TextCodec {
  readonly kind: "characters" | "words" | "pieces";
  /** Number of ids: they are 0 … size − 1. */
  readonly size: number;
  /** The id of everything that is not in the vocabulary; undefined where every text can be encoded, as with subwords. */
  readonly unknown: number | undefined;
  /** The ids of a text, `[time]`. */
  encode(text: string): Int32Array;
  /** The text of ids, `[time]`. */
  decode(ids: ArrayLike<number>): string;
  /** The text of ids that come one by one, at a cost that does not grow with the text. */
  decodeStream(): DecodeStream;
  /** The text of one id, for people: a character, a word, a subword. It may be a control character. */
  token(id: number): string;
  /**
   * Length of a chunk's part that can be encoded before the next chunk is known: 0 … its length. Chunks before do not matter:
   * for `n = safeLength(b)` above 0, `encode(a + b + c)` is that of `a + b.slice(0, n)` and that of `b.slice(n) + c`.
   */
  safeLength(chunk: string): number;
  /** Plain data for a model's file. */
  toJSON(): TextCodecJSON;
}

/** Ids → text, one id after another: see {@link TextCodec.decodeStream}. */
export interface DecodeStream {
  /** @returns the text that the id adds and that no later id changes; a character that is not whole yet waits for its rest */
  add(id: number): string;
  /** @returns the text that has waited; nothing may be added afterwards */
  end(): string;
}

/** A text: whole, or in chunks that may be cut anywhere, such as a file's. */
export type TextSource = string | Iterable<string> | AsyncIterable<string>;
