/**
 * Word codec for language models: words, numbers, punctuation marks and line breaks, the most frequent first. Id 0 stands
 * for every other word. Spaces are not tokens; `decode` adds them by the usual rules.
 */
import { FormatError } from "../errors.js";
import { checkOptions } from "../options/index.js";
import { expectIds } from "../tensor/expect-text.js";
import { checkedCodec } from "./checked-codec.js";
import { TokenCounts, type VocabularyOptions, vocabularyOptions } from "./count-tokens.js";
import { wholeChunks } from "./encode-chunks.js";
import { joinWords, wordJoiner } from "./join-words.js";
import type { TextCodec, TextSource, WordCodecJSON } from "./text-codec.js";
import {
  lengthToSpace,
  preparationOf,
  preparationOptions,
  prepareText,
  readPreparation,
  safeLengthOf,
  type TextPreparation,
} from "./text-preparation.js";
import { wordTokens } from "./word-tokens.js";

/** Options of {@link wordCodec}. */
export interface WordCodecOptions extends VocabularyOptions, TextPreparation {}

const UNKNOWN = "<unknown>";

/**
 * The codec of the words of a text.
 *
 * @param text whole, or in chunks
 * @throws ConfigError for an option that is not valid, DataError for an empty text
 * @example
 * const codec = await wordCodec(textChunks(["speeches.txt"]), { limit: 10000 });
 * codec.decode(codec.encode("Thank you , everybody !")); // "Thank you, everybody!"
 */
export async function wordCodec(text: TextSource, options: WordCodecOptions = {}): Promise<TextCodec> {
  checkOptions("wordCodec", options, { ...vocabularyOptions, ...preparationOptions });
  const counts = new TokenCounts();
  for await (const chunk of wholeChunks(text, (part) => safeLengthOf(part, options, lengthToSpace))) {
    for (const word of wordTokens(prepareText(chunk, options).normalize("NFC"))) counts.add(word);
  }
  return codecOf(counts.kept(options, "wordCodec"), preparationOf(options));
}

/** @throws FormatError unless `data` are from a codec of words */
export function wordCodecFromJSON(data: Readonly<Record<string, unknown>>, name: string): TextCodec {
  const { words } = data;
  const valid = Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string");
  if (!valid || new Set(words).size !== words.length) {
    throw new FormatError(`${name}: the words are not a list of different words. Save the model again.`);
  }
  return codecOf(words as string[], readPreparation(data, name));
}

function codecOf(words: readonly string[], preparation: TextPreparation): TextCodec {
  const ids = new Map(words.map((word, i) => [word, i + 1]));
  const token = (id: number) => words[id - 1] ?? UNKNOWN;
  return checkedCodec({
    kind: "words",
    size: words.length + 1,
    unknown: 0,
    token,
    encode(text) {
      const prepared = prepareText(text, preparation).normalize("NFC");
      // No token is shorter than a character of the text.
      const encoded = new Int32Array(prepared.length);
      let length = 0;
      for (const word of wordTokens(prepared)) encoded[length++] = ids.get(word) ?? 0;
      return encoded.slice(0, length);
    },
    decode: (encoded) => joinWords(Array.from(expectIds("decode: ids", encoded), token)),
    decodeStream() {
      const next = wordJoiner();
      return { add: (id) => next(token(id)), end: () => "" };
    },
    safeLength: (chunk) => safeLengthOf(chunk, preparation, lengthToSpace),
    toJSON: (): WordCodecJSON => ({ kind: "words", ...preparation, words }),
  });
}
