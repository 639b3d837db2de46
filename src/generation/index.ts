/** Sequences that models say by themselves. */
export type { SampleOptions } from "./choose-token.js";
export { type Decoded, type DecodeOptions, Decoder, type DecoderOptions, decoder } from "./decoder.js";
