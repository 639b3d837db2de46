/**
 * Tokens of a language model of words, in any script. A pattern without a dictionary: the same text gives the same
 * tokens everywhere and in every version of a browser.
 */
import { EMOJI } from "./emoji-pattern.js";

// Scripts written without spaces: each of their letters is a token, as no pattern finds their words.
const UNSPACED = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]";
// Longer words are cut: a file without a single space would be one word, too much for any engine of patterns.
const LETTERS = `(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}]){1,200}`;
const PARTS = [
  "\\n",
  EMOJI,
  // 3.14 and 10:30 and 1,000, with the digits and separators of any script
  "\\p{Nd}{1,50}(?:[.,:/٫٬]\\p{Nd}{1,50}){1,20}",
  `(?=\\p{L})${UNSPACED}\\p{M}{0,20}`,
  // don't, well-known, می‌روم: apostrophes, hyphens and joiners stay between letters
  `${LETTERS}(?:['’\\-‐\\u200c\\u200d]${LETTERS}){0,20}`,
  "\\.{2,200}|-{2,200}",
  "[^\\s\\p{C}]",
];
const TOKEN = new RegExp(PARTS.join("|"), "gu");

/**
 * The words, numbers, punctuation marks and line breaks of a text, one after another. The text must be in NFC.
 * A word keeps its apostrophes, hyphens and zero-width joiners («می‌روم» is one word); "..." and "--" are one mark; what
 * cannot be seen is left out.
 */
export function* wordTokens(text: string): Generator<string, void> {
  for (const [token] of text.matchAll(TOKEN)) yield token;
}
