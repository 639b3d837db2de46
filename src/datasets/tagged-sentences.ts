/**
 * Tagged sentences in compact form: every different word and tag is one string, and sentences are numbers into these
 * tables. A corpus is built once, word by word; parts of it share its tables.
 */

import { checkOption, wholeNumber } from "../options/index.js";
import { expectIds, notText } from "../tensor/expect-text.js";
import { splitData } from "./split-data.js";

/** Sentences and a tag for each word. */
export interface TaggedSentences {
  /** Every different word, in the order of first sight. */
  readonly words: readonly string[];
  /** Every different tag, such as "O" and "B-person", in the order of first sight. */
  readonly tags: readonly string[];
  /** Sentence i has the tokens starts[i] … starts[i + 1] − 1: [sentences + 1]. */
  readonly starts: Int32Array;
  /** [tokens], indices into `words`. */
  readonly wordIds: Int32Array;
  /** [tokens], indices into `tags`. */
  readonly tagIds: Int32Array;
}

/** Starts of sentences, if the value has the parts that are needed. */
function startsOf(caller: string, sentences: TaggedSentences, asked: ArrayLike<number> = []): Int32Array {
  const { starts } = sentences ?? {};
  if (!(starts instanceof Int32Array)) {
    throw notText(`${caller}: sentences`, sentences, "tagged sentences, such as loadTaggedSentences gives");
  }
  for (let i = 0; i < asked.length; i++) {
    checkOption(caller, "sentence", asked[i], wholeNumber(0, starts.length - 2));
  }
  return starts;
}

/** Number of sentences. */
export function sentenceCount(sentences: TaggedSentences): number {
  return startsOf("sentenceCount", sentences).length - 1;
}

/** The words of a sentence. */
export function wordsOf(sentences: TaggedSentences, sentence: number): string[] {
  const starts = startsOf("wordsOf", sentences, [sentence]);
  const { words, wordIds } = sentences;
  return Array.from(wordIds.subarray(starts[sentence], starts[sentence + 1]), (id) => words[id]!);
}

/** The tags of a sentence, one a word. */
export function tagsOf(sentences: TaggedSentences, sentence: number): string[] {
  const starts = startsOf("tagsOf", sentences, [sentence]);
  const { tags, tagIds } = sentences;
  return Array.from(tagIds.subarray(starts[sentence], starts[sentence + 1]), (id) => tags[id]!);
}

/** Some of the sentences, in the order given. The tables stay those of the whole. */
export function pickSentences(whole: TaggedSentences, sentences: ArrayLike<number>): TaggedSentences {
  startsOf("pickSentences", whole, expectIds("pickSentences: sentences", sentences));
  const starts = new Int32Array(sentences.length + 1);
  for (let i = 0; i < sentences.length; i++) {
    starts[i + 1] = starts[i]! + whole.starts[sentences[i]! + 1]! - whole.starts[sentences[i]!]!;
  }
  const pick = (ids: Int32Array) => {
    const picked = new Int32Array(starts.at(-1)!);
    for (let i = 0; i < sentences.length; i++) {
      picked.set(ids.subarray(whole.starts[sentences[i]!], whole.starts[sentences[i]! + 1]), starts[i]);
    }
    return picked;
  };
  return { ...whole, starts, wordIds: pick(whole.wordIds), tagIds: pick(whole.tagIds) };
}

/** A random part of the sentences set aside: see `splitData`. */
export function splitSentences(
  whole: TaggedSentences,
  fraction: number,
  seed: number,
): { train: TaggedSentences; test: TaggedSentences } {
  const all = Array.from({ length: sentenceCount(whole) }, (_, i) => i);
  const { train, test } = splitData(all, fraction, seed);
  return { train: pickSentences(whole, train), test: pickSentences(whole, test) };
}

/** Puts sentences together, word by word. */
export class SentenceBuilder {
  readonly #words = new Table();
  readonly #tags = new Table();
  readonly #wordIds = new Numbers();
  readonly #tagIds = new Numbers();
  readonly #starts = new Numbers();

  constructor() {
    this.#starts.add(0);
  }

  add(word: string, tag: string): void {
    this.#wordIds.add(this.#words.idOf(word));
    this.#tagIds.add(this.#tags.idOf(tag));
  }

  /** Ends the current sentence; a sentence without words is left out. */
  endSentence(): void {
    if (this.#wordIds.length > this.#starts.last) this.#starts.add(this.#wordIds.length);
  }

  /** All sentences, including the current one. */
  finish(): TaggedSentences {
    this.endSentence();
    return {
      words: this.#words.strings,
      tags: this.#tags.strings,
      starts: this.#starts.values(),
      wordIds: this.#wordIds.values(),
      tagIds: this.#tagIds.values(),
    };
  }
}

/** Strings by number, each once. */
class Table {
  readonly strings: string[] = [];
  readonly #ids = new Map<string, number>();

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    // A copy: a part of a file's text would keep the whole text in memory.
    const copy = new TextDecoder().decode(new TextEncoder().encode(text));
    this.#ids.set(copy, this.strings.length);
    return this.strings.push(copy) - 1;
  }
}

/** A list of whole numbers that grows. */
class Numbers {
  length = 0;
  #data = new Int32Array(1024);

  add(value: number): void {
    if (this.length === this.#data.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.length++] = value;
  }

  get last(): number {
    return this.#data[this.length - 1]!;
  }

  values(): Int32Array {
    return this.#data.slice(0, this.length);
  }
}
