/**
 * Character codec: Unicode code points ⇄ ids, in the order of their numbers. Id 0 stands for every other character, which is decoded as
 * U+FFFD.
 */
import { FormatError } from "../errors.js";
import { checkOptions } from "../options/index.js";
import { expectIds } from "../tensor/expect-text.js";
import { checkedCodec } from "./checked-codec.js";
import { TokenCounts, type VocabularyOptions, vocabularyOptions } from "./count-tokens.js";
import { wholeChunks } from "./encode-chunks.js";
import type { CharacterCodecJSON, TextCodec, TextSource } from "./text-codec.js";
import {
  preparationOf,
  preparationOptions,
  prepareText,
  readPreparation,
  safeLengthOf,
  type TextPreparation,
} from "./text-preparation.js";

/** Options of {@link characterCodec}. */
export interface CharacterCodecOptions extends VocabularyOptions, TextPreparation {}

const UNKNOWN = "\ufffd";

/**
 * The codec of the characters of a text.
 *
 * @param text whole, or in chunks
 * @throws ConfigError for an option that is not valid, DataError for an empty text
 * @example
 * const codec = await characterCodec("to be or not to be");
 * codec.decode(codec.encode("be not")); // "be not"
 */
export async function characterCodec(text: TextSource, options: CharacterCodecOptions = {}): Promise<TextCodec> {
  checkOptions("characterCodec", options, { ...vocabularyOptions, ...preparationOptions });
  const counts = new TokenCounts();
  for await (const chunk of wholeChunks(text, (part) => safeLengthOf(part, options, lengthOfWhole))) {
    for (const character of prepareText(chunk, options)) if (!isSurrogate(character)) counts.add(character);
  }
  const kept = counts.kept(options, "characterCodec");
  return codecOf(
    kept.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!),
    preparationOf(options),
  );
}

/** @throws FormatError unless `data` are from a codec of characters */
export function characterCodecFromJSON(data: Readonly<Record<string, unknown>>, name: string): TextCodec {
  const characters = typeof data.characters === "string" ? [...data.characters] : [];
  if (characters.length === 0 || new Set(characters).size !== characters.length || characters.some(isSurrogate)) {
    throw new FormatError(`${name}: the characters are not a text of different characters. Save the model again.`);
  }
  return codecOf(characters, readPreparation(data, name));
}

function codecOf(characters: readonly string[], preparation: TextPreparation): TextCodec {
  const ids = new Map(characters.map((character, i) => [character, i + 1]));
  const token = (id: number) => characters[id - 1] ?? UNKNOWN;
  return checkedCodec({
    kind: "characters",
    size: characters.length + 1,
    unknown: 0,
    token,
    encode(text) {
      const prepared = prepareText(text, preparation);
      const encoded = new Int32Array(prepared.length);
      let length = 0;
      for (const character of prepared) encoded[length++] = ids.get(character) ?? 0;
      return length === encoded.length ? encoded : encoded.slice(0, length);
    },
    decode: (encoded) => Array.from(expectIds("decode: ids", encoded), token).join(""),
    decodeStream: () => ({ add: token, end: () => "" }),
    safeLength: (chunk) => safeLengthOf(chunk, preparation, lengthOfWhole),
    toJSON: (): CharacterCodecJSON => ({ kind: "characters", ...preparation, characters: characters.join("") }),
  });
}

/** Length without the first half of a character at the end. */
function lengthOfWhole(chunk: string): number {
  return /[\ud800-\udbff]$/.test(chunk) ? chunk.length - 1 : chunk.length;
}

/** Whether a code point is half of a surrogate pair, which is not a character. */
function isSurrogate(character: string): boolean {
  const code = character.codePointAt(0)!;
  return code >= 0xd800 && code <= 0xdfff;
}
