/**
 * Text → the tokens of a tagger, each with its place, in any script. A pattern and no dictionary, near to how published corpora are cut:
 * "U.S." is one token and "Obama's" two, a mark is a token of its own, and addresses, @names and #topics stay whole.
 */

/** A token and where it stands. */
export interface TokenSpan {
  readonly text: string;
  /** Index of its first code unit in the text. */
  readonly start: number;
  /** Index behind its last one. */
  readonly end: number;
}

// Scripts written without spaces: each of their letters is a token, as no pattern finds their words.
const UNSPACED = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]";
const LETTER = `(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}_])`;
const PARTS = [
  'https?://[^\\s<>"]*[^\\s<>"\'.,;:!?)\\]]',
  "[@#][\\p{L}\\p{N}_]+",
  "\\p{Nd}+(?:[.,:/٫٬]\\p{Nd}+)+",
  "(?:\\p{L}\\.){2,}",
  `${UNSPACED}\\p{M}*`,
  // don't and Obama's before the apostrophe; the rest is the next token
  `${LETTER}+?(?=n['’]t\\b)`,
  "n['’]t\\b",
  "['’](?:s|m|d|re|ve|ll)\\b",
  `${LETTER}+(?:(?:[\\-‐\\u200c\\u200d]|['’](?!(?:s|m|d|re|ve|ll|t)\\b))${LETTER}+)*`,
  "\\p{Extended_Pictographic}(?:[\\u{1f3fb}-\\u{1f3ff}\\ufe0f]|\\u200d\\p{Extended_Pictographic})*",
  "\\.{2,}|-{2,}",
  "[^\\s\\p{C}]",
];
const TOKEN = new RegExp(PARTS.join("|"), "giu");

/** The tokens of a text, in their order. Offsets count code units, as `slice` does. */
export function tokenSpans(text: string): TokenSpan[] {
  return Array.from(text.matchAll(TOKEN), ({ 0: token, index }) => ({
    text: token,
    start: index,
    end: index + token.length,
  }));
}
