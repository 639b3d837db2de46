/**
 * `tavali/text`: texts ⇄ sequences of ids. Platform-neutral, and knows no model.
 */
export { type CharacterCodecOptions, characterCodec } from "./character-codec.js";
export type { VocabularyOptions } from "./count-tokens.js";
export { type DecodeOptions, decode, type WordIndex } from "./decode.js";
export { encodeChunks } from "./encode-chunks.js";
export { isPersian } from "./is-persian.js";
export type { MergeOptions } from "./learn-merges.js";
export { normalizePersian, type PersianOptions } from "./normalize-persian.js";
export { openTextCodec } from "./open-text-codec.js";
export { type PadOptions, padSequences, type Sequence, type Side } from "./pad-sequences.js";
export { type BytePairOptions, bytePairCodec } from "./piece-codec.js";
export { KERAS_FILTERS } from "./split-words.js";
export type {
  CharacterCodecJSON,
  DecodeStream,
  PieceCodecJSON,
  TextCodec,
  TextCodecJSON,
  TextSource,
  WordCodecJSON,
} from "./text-codec.js";
export { textCodecFromJSON } from "./text-codec-json.js";
export type { TextPreparation } from "./text-preparation.js";
export { toCategorical } from "./to-categorical.js";
export { type TokenSpan, tokenSpans } from "./token-spans.js";
export {
  type MatrixMode,
  type TextOrTokens,
  Tokenizer,
  wordTokenizer,
} from "./tokenizer.js";
export type { ByteLevel, PieceTokenizerJSON } from "./tokenizer-file.js";
export type { TokenizerJSON } from "./tokenizer-json.js";
export type { TokenizerOptions } from "./tokenizer-options.js";
export { type WordCodecOptions, wordCodec } from "./word-codec.js";
export { readWordVectors, type WordVectorOptions, type WordVectors } from "./word-vectors.js";
