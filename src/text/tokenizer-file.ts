/**
 * Hugging Face's tokenizer.json for byte-pair subwords over GPT-2's bytes: files
 * written here is read by their libraries in every language, and gives the same ids there.
 */
import { bytesOfPiece } from "./byte-pieces.js";
import type { LearntPieces } from "./learn-merges.js";

/** A tokenizer.json with byte-pair subwords. */
export interface PieceTokenizerJSON {
  readonly version: "1.0";
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly [];
  readonly normalizer: null;
  readonly pre_tokenizer: ByteLevel;
  readonly post_processor: null;
  readonly decoder: ByteLevel;
  readonly model: {
    readonly type: "BPE";
    readonly dropout: null;
    readonly unk_token: null;
    readonly continuing_subword_prefix: null;
    readonly end_of_word_suffix: null;
    readonly fuse_unk: false;
    readonly byte_fallback: false;
    readonly ignore_merges: false;
    /** Subword → id. */
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
  };
}

/** Settings of a byte-level `tokenizer.json` for spaces and words. */
export interface ByteLevel {
  readonly type: "ByteLevel";
  readonly add_prefix_space: false;
  readonly trim_offsets: true;
  readonly use_regex: true;
}

const BYTE_LEVEL: ByteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };

/** Subwords as a tokenizer.json. */
export function writeTokenizerFile({ pieces, merges }: LearntPieces): PieceTokenizerJSON {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: BYTE_LEVEL,
    post_processor: null,
    decoder: BYTE_LEVEL,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges,
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The subwords of a tokenizer.json that does no more than {@link writeTokenizerFile} can say, else undefined. */
export function readTokenizerFile(json: unknown): LearntPieces | undefined {
  const { normalizer, added_tokens, pre_tokenizer, post_processor, decoder, model } = fieldsOf(json);
  const { type, vocab, merges } = fieldsOf(model);
  const plain =
    type === "BPE" &&
    isNothing(normalizer) &&
    isNothing(added_tokens) &&
    isByteLevel(pre_tokenizer) &&
    (isNothing(post_processor) || isByteLevel(post_processor)) &&
    fieldsOf(decoder).type === "ByteLevel" &&
    EXTRAS.every((extra) => isNothing(fieldsOf(model)[extra]));
  if (!plain) return undefined;
  const pieces = piecesOf(fieldsOf(vocab));
  const pairs = Array.isArray(merges) ? merges.map(pairOf) : [];
  const known = new Set(pieces);
  const whole = pairs.every(([left, right]) => known.has(left) && known.has(right) && known.has(left + right));
  return pieces.length > 0 && whole ? { pieces, merges: pairs } : undefined;
}

/** Fields of a model that would change its ids. */
const EXTRAS = [
  "dropout",
  "unk_token",
  "continuing_subword_prefix",
  "end_of_word_suffix",
  "byte_fallback",
  "ignore_merges",
];

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === "" || fieldsOf(value).length === 0;
}

function isByteLevel(value: unknown): boolean {
  const { type, add_prefix_space, use_regex } = fieldsOf(value);
  return type === "ByteLevel" && add_prefix_space === false && use_regex !== false;
}

/** The subwords in the order of their ids if those are 0, 1, 2 … and include every byte, else undefined. */
function piecesOf(vocab: Fields): string[] {
  const pieces = Object.keys(vocab).sort((a, b) => Number(vocab[a]) - Number(vocab[b]));
  const bytes = new Set<number>();
  for (const [id, piece] of pieces.entries()) {
    const spelt = bytesOfPiece(piece);
    if (vocab[piece] !== id || spelt === undefined || spelt.length === 0) return [];
    if (spelt.length === 1) bytes.add(spelt[0]!);
  }
  return bytes.size === 256 ? pieces : [];
}

/** Older files write a pair as one text with a space. Other values become a pair that no vocabulary contains. */
function pairOf(pair: unknown): readonly [string, string] {
  const parts: unknown = typeof pair === "string" ? pair.split(" ") : pair;
  const valid = Array.isArray(parts) && parts.length === 2 && parts.every((part) => typeof part === "string");
  return valid ? (parts as [string, string]) : ["", ""];
}
