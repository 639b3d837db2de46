/**
 * Keras's JSON form of a Tokenizer. Its dictionaries are JSON texts inside the JSON, and their order carries meaning
 * (ties keep first-seen order), which a plain object would lose for words such as "7"; so they are written and read in order.
 */
import { FormatError } from "../errors.js";
import type { TokenizerOptions } from "./tokenizer-options.js";

/** The result of Keras's `Tokenizer.to_json`; the dictionaries are JSON texts. */
export interface TokenizerJSON {
  class_name: "Tokenizer";
  config: {
    num_words: number | null;
    filters: string;
    lower: boolean;
    split: string;
    char_level: boolean;
    oov_token: string | null;
    document_count: number;
    word_counts: string;
    word_docs: string;
    index_docs: string;
    index_word: string;
    word_index: string;
    /** Only where the option is on; Keras cannot read such a tokenizer. */
    unicode?: true;
  };
}

/** The written fields of a tokenizer. */
export interface WritableTokenizer {
  readonly numWords: number | null;
  readonly filters: string;
  readonly lower: boolean;
  readonly split: string;
  readonly charLevel: boolean;
  readonly oovToken: string | null;
  readonly unicode: boolean;
  readonly documentCount: number;
  readonly wordCounts: ReadonlyMap<string, number>;
  readonly wordDocs: ReadonlyMap<string, number>;
  readonly indexDocs: ReadonlyMap<number, number>;
  readonly indexWord: ReadonlyMap<number, string>;
  readonly wordIndex: ReadonlyMap<string, number>;
}

type Counts = [word: string, count: number][];

export function writeTokenizerJSON(tokenizer: WritableTokenizer): TokenizerJSON {
  return {
    class_name: "Tokenizer",
    config: {
      num_words: tokenizer.numWords,
      filters: tokenizer.filters,
      lower: tokenizer.lower,
      split: tokenizer.split,
      char_level: tokenizer.charLevel,
      oov_token: tokenizer.oovToken,
      document_count: tokenizer.documentCount,
      word_counts: dictionary(tokenizer.wordCounts),
      word_docs: dictionary(tokenizer.wordDocs),
      index_docs: dictionary(tokenizer.indexDocs),
      index_word: dictionary(tokenizer.indexWord),
      word_index: dictionary(tokenizer.wordIndex),
      ...(tokenizer.unicode ? { unicode: true as const } : {}),
    },
  };
}

/** Python's `json.dumps` of a dictionary: ", " and ": " between items, ASCII only. */
function dictionary(map: ReadonlyMap<string | number, string | number>): string {
  const items = Array.from(map, ([key, value]) => `${ascii(String(key))}: ${ascii(value)}`);
  return `{${items.join(", ")}}`;
}

function ascii(value: string | number): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped);
}

/** The fields that `Tokenizer.fromJSON` needs. */
export interface TokenizerContent {
  options: TokenizerOptions;
  documentCount: number;
  wordCounts: Counts;
  wordDocs: Counts;
  wordIndex: Counts;
}

export function readTokenizerJSON(json: string | TokenizerJSON): TokenizerContent {
  const parsed = typeof json === "string" ? parse(json, "the text") : json;
  if (!isRecord(parsed) || parsed.class_name !== "Tokenizer" || !isRecord(parsed.config)) {
    throw problem('class_name must be "Tokenizer" and config an object');
  }
  const { config } = parsed;
  const unicode = config.unicode === true;
  return {
    options: {
      numWords: config.num_words === null ? null : wholeNumber(config, "num_words"),
      ...(unicode ? { unicode } : { filters: text(config, "filters"), split: separator(config) }),
      lower: flag(config, "lower"),
      charLevel: flag(config, "char_level"),
      oovToken: config.oov_token === null ? null : text(config, "oov_token"),
    },
    documentCount: wholeNumber(config, "document_count"),
    wordCounts: counts(config, "word_counts"),
    wordDocs: counts(config, "word_docs"),
    wordIndex: counts(config, "word_index"),
  };
}

type Fields = Record<string, unknown>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(config: Fields, key: string): string {
  const value = config[key];
  if (typeof value !== "string") throw problem(`config.${key} must be a string`);
  return value;
}

function separator(config: Fields): string {
  const split = text(config, "split");
  if (split === "") throw problem("config.split must not be empty");
  return split;
}

function flag(config: Fields, key: string): boolean {
  const value = config[key];
  if (typeof value !== "boolean") throw problem(`config.${key} must be true or false`);
  return value;
}

function wholeNumber(config: Fields, key: string): number {
  const value = config[key];
  if (!Number.isInteger(value) || (value as number) < 0) throw problem(`config.${key} must be a whole number`);
  return value as number;
}

/** Reads `{"word": 3, …}` in the order of the text. */
function counts(config: Fields, key: string): Counts {
  const source = text(config, key);
  const parsed = parse(source, `config.${key}`);
  if (!isRecord(parsed) || !Object.values(parsed).every((value) => Number.isInteger(value) && (value as number) >= 0)) {
    throw problem(`config.${key} must be a JSON text of word → whole number`);
  }
  const ordered = Array.from(
    source.matchAll(/("(?:[^"\\]|\\.)*")\s*:\s*([^\s,}]+)/g),
    ([, word, value]): [string, number] => [JSON.parse(word!) as string, Number(value)],
  );
  return [...new Map(ordered)];
}

function parse(source: string, where: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw problem(`${where} is not valid JSON`, cause);
  }
}

function problem(detail: string, cause?: unknown): FormatError {
  return new FormatError(
    `Tokenizer.fromJSON: this is not a tokenizer's JSON: ${detail}. Give what JSON.stringify(tokenizer) or Keras's tokenizer.to_json() wrote.`,
    { cause },
  );
}
