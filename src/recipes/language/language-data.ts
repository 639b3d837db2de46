/**
 * A text as ids for the language-model recipe. It is read in chunks, twice, and of it only the ids stay: one number a token. The vocabulary
 * knows the training part alone.
 */

import { grammarReviews } from "../../datasets/grammar-reviews.js";
import { textChunks } from "../../datasets/index.js";
import { DataError, UsageError } from "../../errors.js";
import { expectTexts } from "../../tensor/expect-text.js";
import {
  bytePairCodec,
  characterCodec,
  encodeChunks,
  type TextCodec,
  type TextSource,
  textCodecFromJSON,
  wordCodec,
} from "../../text/index.js";
import { readsPersian } from "../reads-persian.js";
import { type LanguageOptions, languageCorpusSettings } from "./language-options.js";

/** A text to learn from. */
export interface LanguageData {
  /** The text from its beginning, whole or in chunks, each time it is called. */
  text(): TextSource;
  /** For people: where it comes from. */
  readonly source: string;
  /** Options that suit this text better than the recipe's defaults. */
  readonly settings?: Partial<LanguageOptions>;
}

/** The parts of a text as ids: views of one array. */
export interface EncodedText {
  readonly codec: TextCodec;
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** The last of the text. */
  readonly test: Int32Array;
  /** Characters of the test part, where it is known: not for words. */
  readonly testCharacters?: number;
}

/** Texts in files (Node), or the sentences of the built-in corpus, a line each. */
export function languageData(paths: readonly string[] = []): LanguageData {
  expectTexts("languageData: paths", paths);
  if (paths.length > 0) return { text: () => textChunks(paths), source: paths.join(", ") };
  return {
    text: () => `${grammarReviews({ count: 4000, testCount: 0, seed: 1 }).train.texts.join("\n")}\n`,
    source: "the built-in corpus",
    settings: languageCorpusSettings,
  };
}

/**
 * Cuts a text into its parts and those into ids. Of characters and words, the parts are shares of the tokens; of pieces, whose vocabulary
 * has to be learnt first, shares of the characters.
 *
 * @throws DataError when a part would have fewer than two tokens
 */
export async function encodeText(data: LanguageData, options: LanguageOptions): Promise<EncodedText> {
  return options.level === "pieces" ? encodePieces(data, options) : encodeTokens(data, options);
}

type Shares = Pick<LanguageOptions, "validation" | "test">;

/** Positions at which the validation part and the test part begin. */
function bordersOf(length: number, { validation, test }: Shares): [number, number] {
  const testAt = length - Math.round(length * test);
  return [testAt - Math.round(length * validation), testAt];
}

async function encodeTokens(data: LanguageData, options: LanguageOptions): Promise<EncodedText> {
  const { level, vocabulary } = options;
  const make = level === "words" ? wordCodec : characterCodec;
  const whole = await make(data.text(), await preparationOf(data, options));
  const ids = await encodeChunks(whole, data.text());
  const [validationAt, testAt] = bordersOf(ids.length, options);
  const { codec, idOf } = knownIn(ids.subarray(0, validationAt), whole, vocabulary);
  for (let i = 0; i < ids.length; i++) ids[i] = idOf[ids[i]!]!;
  const test = ids.subarray(testAt);
  return checked(data, {
    codec,
    train: ids.subarray(0, validationAt),
    validation: ids.subarray(validationAt, testAt),
    test,
    ...(level === "characters" && { testCharacters: test.length }),
  });
}

/** The codec of the most frequent tokens of some ids, and the id there of each id of the whole codec. */
function knownIn(ids: Int32Array, whole: TextCodec, limit: number): { codec: TextCodec; idOf: Int32Array } {
  const counts = new Float64Array(whole.size);
  for (const id of ids) counts[id]!++;
  const seen = Array.from(counts.keys()).filter((id) => id !== whole.unknown && counts[id]! > 0);
  const kept = seen.sort((a, b) => counts[b]! - counts[a]!).slice(0, limit - 1);
  // Characters stand in the order of their numbers.
  if (whole.kind === "characters") kept.sort((a, b) => a - b);
  const idOf = new Int32Array(whole.size);
  for (const [i, id] of kept.entries()) idOf[id] = i + 1;
  const tokens = kept.map((id) => whole.token(id));
  const known = whole.kind === "words" ? { words: tokens } : { characters: tokens.join("") };
  const codec = tokens.length === 0 ? whole : textCodecFromJSON({ ...whole.toJSON(), ...known }, "the vocabulary");
  return { codec, idOf };
}

/** Number of values of a byte. */
const BYTES = 256;

async function encodePieces(data: LanguageData, options: LanguageOptions): Promise<EncodedText> {
  const { vocabulary: size } = options;
  if (size < BYTES) {
    throw new UsageError(
      `trainLanguageModel: with level "pieces", vocabulary must be at least ${BYTES}, one piece for each byte; received ${size}. ` +
        'Give more, or level "characters".',
    );
  }
  let length = 0;
  for await (const chunk of chunksOf(data)) for (const _ of chunk) length++;
  const [validationAt, testAt] = bordersOf(length, options);
  const learnt = charactersOf(data, 0, validationAt);
  const preparation = await preparationOf(data, options);
  const codec = await bytePairCodec(learnt, { size, ...preparation });
  return checked(data, {
    codec,
    train: await encodeChunks(codec, charactersOf(data, 0, validationAt)),
    validation: await encodeChunks(codec, charactersOf(data, validationAt, testAt)),
    test: await encodeChunks(codec, charactersOf(data, testAt, length)),
    testCharacters: length - testAt,
  });
}

/** The characters from one place of a text to another, in chunks. */
async function* charactersOf(data: LanguageData, from: number, to: number): AsyncGenerator<string> {
  let at = 0;
  for await (const chunk of chunksOf(data)) {
    const characters = [...chunk];
    const part = characters.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (part.length > 0) yield part.join("");
    at += characters.length;
    if (at >= to) return;
  }
}

/** Chunks that are never cut within a character. */
async function* chunksOf(data: LanguageData): AsyncGenerator<string> {
  const text = data.text();
  let held = "";
  for await (const chunk of typeof text === "string" ? [text] : text) {
    const whole = held + chunk;
    const cut = /[\ud800-\udbff]$/.test(whole) ? whole.length - 1 : whole.length;
    held = whole.slice(cut);
    yield whole.slice(0, cut);
  }
  if (held !== "") yield held;
}

async function preparationOf(data: LanguageData, { lower, normalize }: Pick<LanguageOptions, "lower" | "normalize">) {
  return { lower, persian: await readsPersian(normalize, chunksOf(data)) };
}

function checked({ source }: LanguageData, text: EncodedText): EncodedText {
  const { train, validation, test } = text;
  if (Math.min(train.length, validation.length, test.length) >= 2) return text;
  const all = train.length + validation.length + test.length;
  throw new DataError(
    `${source}: a text of ${all} ${text.codec.kind} is too short: ${train.length} to learn from, ${validation.length} to validate and ` +
      `${test.length} to test on, and each part needs at least two. Give a longer text, or larger shares.`,
  );
}
