/** Options of tokenizers: splitting of texts and size of the vocabulary. */

import { flag, type OptionChecks, orNull, text, wholeNumber } from "../options/index.js";

/** Options of `Tokenizer`; Keras's in camelCase, and `unicode`. */
export interface TokenizerOptions {
  /** Only ids below this number are produced; null or 0 keeps every word. */
  numWords?: number | null | undefined;
  /** Characters that separate words; by default ASCII punctuation except the apostrophe, tab and newline. */
  filters?: string | undefined;
  /** Whether to lower-case; true by default. */
  lower?: boolean | undefined;
  /** Separator of words; a space by default. */
  split?: string | undefined;
  /** Whether every character is a token; false by default. */
  charLevel?: boolean | undefined;
  /** The word for unknown words; it takes id 1. Without it unknown words are dropped. */
  oovToken?: string | null | undefined;
  /**
   * Whether to normalise to NFKC and cut words by Unicode's classes instead of `filters` and `split`: zero-width
   * non-joiners and apostrophes stay inside words, punctuation of any script goes. Keras has no such option.
   */
  unicode?: boolean | undefined;
}

/** Checks of `TokenizerOptions`. */
export const tokenizerOptions: OptionChecks<TokenizerOptions> = {
  numWords: orNull(wholeNumber(0)),
  filters: orNull(text),
  lower: orNull(flag),
  split: orNull(text),
  charLevel: orNull(flag),
  oovToken: orNull(text),
  unicode: flag,
};
