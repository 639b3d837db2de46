/**
 * Tokens of a tagger, each with its offsets, in any script. A pattern without a dictionary, similar to the tokens of published corpora:
 * "U.S." is one token and "Obama's" two, a mark is a separate token, and addresses, @names and #topics stay whole.
 */
import { expectText } from "../tensor/expect-text.js";
import { EMOJI } from "./emoji-pattern.js";

/** A token and its offsets. */
export interface TokenSpan {
  readonly text: string;
  /** Index of its first code unit in the text. */
  readonly start: number;
  /** Index behind its last one. */
  readonly end: number;
}

// Scripts written without spaces: each of their letters is a token, as no pattern finds their words. Repetitions are bounded: for a text
// without a single space no engine of patterns has the memory.
const UNSPACED = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]";
const LETTER = `(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}_])`;
const PARTS = [
  EMOJI,
  'https?://[^\\s<>"]{0,4000}[^\\s<>"\'.,;:!?)\\]]',
  "[@#][\\p{L}\\p{N}_]{1,1000}",
  "\\p{Nd}{1,100}(?:[.,:/٫٬]\\p{Nd}{1,100}){1,100}",
  "(?:\\p{L}\\.){2,100}",
  `${UNSPACED}\\p{M}{0,20}`,
  // don't and Obama's before the apostrophe; the rest is the next token
  `${LETTER}{1,200}?(?=n['’]t\\b)`,
  "n['’]t\\b",
  "['’](?:s|m|d|re|ve|ll)\\b",
  `${LETTER}{1,1000}(?:(?:[\\-‐\\u200c\\u200d]|['’](?!(?:s|m|d|re|ve|ll|t)\\b))${LETTER}{1,1000}){0,100}`,
  "\\.{2,1000}|-{2,1000}",
  "[^\\s\\p{C}]",
];
const TOKEN = new RegExp(PARTS.join("|"), "giu");

/** The tokens of a text, in their order. Offsets count code units, as `slice` does. */
export function tokenSpans(text: string): TokenSpan[] {
  return Array.from(expectText("tokenSpans: text", text).matchAll(TOKEN), ({ 0: token, index }) => ({
    text: token,
    start: index,
    end: index + token.length,
  }));
}
