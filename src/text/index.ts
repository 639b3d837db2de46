/**
 * `tavali/text`: texts ⇄ sequences of ids. Platform-neutral, and knows no model.
 */
export { type DecodeOptions, decode, type WordIndex } from "./decode.js";
export { type PadOptions, padSequences, type Sequence, type Side } from "./pad-sequences.js";
export { KERAS_FILTERS } from "./split-words.js";
export { toCategorical } from "./to-categorical.js";
export {
  type MatrixMode,
  type TextOrTokens,
  Tokenizer,
  wordTokenizer,
} from "./tokenizer.js";
export type { TokenizerJSON } from "./tokenizer-json.js";
export type { TokenizerOptions } from "./tokenizer-options.js";
