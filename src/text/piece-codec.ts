/**
 * Subword codec: byte-pair subwords ⇄ ids. Frequent words are one subword, rare ones several, down to single bytes, so every text can be
 * encoded and is decoded exactly. Subwords are learnt from a text, or come from a tokenizer.json.
 */

import { FormatError } from "../errors.js";
import { aFunction, checkOptions, count, type OptionChecks, wholeNumber } from "../options/index.js";
import { expectIds } from "../tensor/expect-text.js";
import { bytesOfPiece, byteWords } from "./byte-pieces.js";
import { checkedCodec } from "./checked-codec.js";
import { TokenCounts } from "./count-tokens.js";
import { detached } from "./detached.js";
import { wholeChunks } from "./encode-chunks.js";
import { type LearntPieces, learnMerges, type MergeOptions } from "./learn-merges.js";
import { MergeTable } from "./merge-pieces.js";
import type { PieceCodecJSON, TextCodec, TextSource } from "./text-codec.js";
import {
  lengthToSpace,
  preparationOf,
  preparationOptions,
  prepareText,
  readPreparation,
  safeLengthOf,
  type TextPreparation,
} from "./text-preparation.js";
import { readTokenizerFile, writeTokenizerFile } from "./tokenizer-file.js";

/** Options of {@link bytePairCodec}. */
export interface BytePairOptions extends TextPreparation {
  /** Number of ids, including the 256 bytes; default 4096. A small text may give fewer. */
  readonly size?: number;
  /** The least count of a pair that is merged; default 2. */
  readonly minCount?: number;
  /** Called at intervals with the number of subwords; an error thrown here stops the training. */
  readonly onProgress?: MergeOptions["onProgress"];
}

const MOST_PIECES = 2 ** 20;

const bytePairOptions: OptionChecks<BytePairOptions> = {
  ...preparationOptions,
  // The bytes themselves are 256.
  size: wholeNumber(256, MOST_PIECES),
  minCount: count,
  onProgress: aFunction,
};

/**
 * The codec of subwords learnt from a text by byte-pair encoding (Sennrich, Haddow & Birch 2016), over bytes and words as
 * GPT-2 cuts them (Radford et al. 2019). `codec.toJSON().tokenizer` is a tokenizer.json that other libraries read.
 *
 * @param text whole, or in chunks
 * @throws ConfigError for an option that is not valid
 * @example
 * const codec = await bytePairCodec(textChunks(["speeches.txt"]), { size: 2000 });
 * codec.decode(codec.encode("سلام 👋")); // "سلام 👋"
 */
export async function bytePairCodec(text: TextSource, options: BytePairOptions = {}): Promise<TextCodec> {
  const { size = 4096, minCount = 2, onProgress } = checkOptions("bytePairCodec", options, bytePairOptions);
  const words = new TokenCounts();
  for await (const chunk of wholeChunks(text, (part) => safeLengthOf(part, options, lengthToSpace))) {
    for (const word of byteWords(prepareText(chunk, options))) words.add(word);
  }
  return pieceCodec(learnMerges(words.counts, { size, minCount, onProgress }), preparationOf(options));
}

/** @throws FormatError unless `data` are from a subword codec */
export function pieceCodecFromJSON(data: Readonly<Record<string, unknown>>, name: string): TextCodec {
  const learnt = readTokenizerFile(data.tokenizer);
  if (learnt === undefined) {
    throw new FormatError(
      `${name}: its tokenizer is not one of byte-pair subwords over bytes. Read it with \`await openTextCodec\`, which knows all kinds.`,
    );
  }
  return pieceCodec(learnt, readPreparation(data, name));
}

/** The codec of known subwords. */
export function pieceCodec(learnt: LearntPieces, preparation: TextPreparation): TextCodec {
  const bytes = learnt.pieces.map((piece) => bytesOfPiece(piece)!);
  const idsOfWord = wordReader(learnt, bytes);
  const decode = (ids: ArrayLike<number>): string => {
    expectIds("decode: ids", ids);
    const parts = Array.from(ids, (id) => bytes[id] ?? REPLACEMENT);
    const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(joined);
  };
  return checkedCodec({
    kind: "pieces",
    size: bytes.length,
    unknown: undefined,
    encode(text) {
      const prepared = prepareText(text, preparation);
      // UTF-8 has at most three bytes for each unit of a string, and no subword is shorter than a byte.
      const encoded = new Int32Array(3 * prepared.length);
      let length = 0;
      for (const word of byteWords(prepared)) {
        const ids = idsOfWord(word);
        encoded.set(ids, length);
        length += ids.length;
      }
      return encoded.slice(0, length);
    },
    decode,
    decodeStream() {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      return {
        add: (id) => decoder.decode(bytes[id] ?? REPLACEMENT, { stream: true }),
        end: () => decoder.decode(),
      };
    },
    token: (id) => (isText(bytes[id] ?? REPLACEMENT) ? decode([id]) : hexadecimal(bytes[id]!)),
    safeLength: (chunk) => safeLengthOf(chunk, preparation, lengthToSpace),
    toJSON: (): PieceCodecJSON => ({ kind: "pieces", ...preparation, tokenizer: writeTokenizerFile(learnt) }),
  });
}

const REPLACEMENT = new TextEncoder().encode("\ufffd");
// Cache of merged words. A language has few frequent words; a cache of all words would fill the memory.
const MOST_REMEMBERED = 1 << 16;
const LONGEST_REMEMBERED = 64;

/** Word → ids. */
function wordReader({ pieces, merges }: LearntPieces, bytes: readonly Uint8Array[]): (word: string) => Int32Array {
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const table = new MergeTable();
  for (const [left, right] of merges) table.add(ids.get(left)!, ids.get(right)!, ids.get(left + right)!);
  const idOfByte = new Int32Array(256);
  for (const [id, spelt] of bytes.entries()) if (spelt.length === 1) idOfByte[spelt[0]!] = id;
  const remembered = new Map<string, Int32Array>();
  const encoder = new TextEncoder();
  return (word) => {
    const known = remembered.get(word);
    if (known !== undefined) return known;
    const merged = table.apply(Int32Array.from(encoder.encode(word), (byte) => idOfByte[byte]!));
    if (word.length <= LONGEST_REMEMBERED) {
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(detached(word), merged);
    }
    return merged;
  };
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A part of a character: "<E2 80>". */
function hexadecimal(bytes: Uint8Array): string {
  return `<${Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ")}>`;
}
