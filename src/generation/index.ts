/** Generation of sequences by models. */
export { mostProbableTokens, type SampleOptions } from "./choose-token.js";
export { type Continuation, type ContinueOptions, continueTokens } from "./continue-tokens.js";
export { type Decoded, type DecodeOptions, Decoder, type DecoderOptions, decoder } from "./decoder.js";
export { type NextTokens, TokenStream } from "./token-stream.js";
