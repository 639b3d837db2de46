/**
 * Texts ⇄ ids for models of words, as data that goes into the model file: the words in the order of their ids. Id 0 is
 * padding, id 1 any unknown word.
 */
import { FormatError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { padSequences, Tokenizer } from "../text/index.js";

const unknown = "<unknown>";

/** A vocabulary and how texts are read with it. */
export class Vocabulary {
  /** `words[i]` has the id i + 1; the first stands for all unknown words. */
  readonly words: readonly string[];
  readonly #tokenizer = new Tokenizer({ oovToken: unknown, unicode: true });

  constructor(words: readonly string[]) {
    this.words = words;
    words.forEach((word, i) => {
      this.#tokenizer.wordIndex.set(word, i + 1);
    });
  }

  /** The most frequent words of texts: ids below `limit`. */
  static of(texts: Iterable<string>, limit: number): Vocabulary {
    const tokenizer = new Tokenizer({ oovToken: unknown, unicode: true });
    tokenizer.fitOnTexts(texts);
    return new Vocabulary([...tokenizer.wordIndex.keys()].slice(0, limit - 1));
  }

  /** @throws FormatError unless `words` is what a vocabulary wrote */
  static fromJSON(words: unknown, name: string): Vocabulary {
    const valid = Array.isArray(words) && words[0] === unknown && words.every((word) => typeof word === "string");
    if (!valid || new Set(words).size !== words.length) {
      throw new FormatError(`${name}: the vocabulary is not a list of different words. Save the model again.`);
    }
    return new Vocabulary(words);
  }

  /** Number of ids: the words and padding. */
  get size(): number {
    return this.words.length + 1;
  }

  /**
   * The last `length` words of each text, padded on the left.
   *
   * @returns `[texts, time]`, where time is that of the longest text, at least 1, at most `length`
   */
  encode(texts: readonly string[], length: number): Tensor<Int32Array> {
    const sequences = this.#tokenizer.textsToSequences(texts);
    const longest = sequences.reduce((most, { length: own }) => Math.max(most, own), 1);
    return padSequences(sequences, { maxlen: Math.min(length, longest) });
  }

  /** The words of a text in their order; one that has no id is in ‹ ›. */
  tokens(text: string): string[] {
    return this.#tokenizer.tokens(text).map((word) => (this.#tokenizer.wordIndex.has(word) ? word : `‹${word}›`));
  }

  /** The words of a text that have no id, in their order, each once. */
  unknownWords(text: string): string[] {
    const words = this.#tokenizer.tokens(text).filter((word) => !this.#tokenizer.wordIndex.has(word));
    return [...new Set(words)];
  }
}
