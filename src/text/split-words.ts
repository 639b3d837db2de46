/**
 * Word splitting in two ways: Keras's (replace a fixed set of ASCII signs, then split) and a Unicode one for any script.
 */
import { EMOJI } from "./emoji-pattern.js";

/** The characters that Keras removes by default: ASCII punctuation except the apostrophe, tab and newline. */
export const KERAS_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n';

/** A function that cuts a text into words. */
export type SplitWords = (text: string) => string[];

/**
 * Keras's `text_to_word_sequence`: every character of `filters` becomes `split`, then the text is cut at `split`.
 *
 * @param filters characters to remove; each code point stands for itself
 * @param split separator of words; not empty
 */
export function kerasWords(filters: string, split: string): SplitWords {
  if (filters === "") return (text) => cut(text, split);
  const signs = [...new Set(filters)].map((sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`).join("");
  const pattern = new RegExp(`[${signs}]`, "gu");
  return (text) =>
    cut(
      text.replace(pattern, () => split),
      split,
    );
}

function cut(text: string, split: string): string[] {
  return text.split(split).filter((word) => word !== "");
}

// Emoji, © and ® not among them; or letters, digits and marks, with apostrophes and the joiners U+200C (ZWNJ) and U+200D (ZWJ) only between
// them. What is longer is cut: for a file without a single space no engine of patterns has the memory.
const LETTERS = "[\\p{L}\\p{N}\\p{M}]{1,1000}";
const WORD = new RegExp(`(?![©®])(?:${EMOJI})|${LETTERS}(?:['\\u200c\\u200d]{1,20}${LETTERS}){0,100}`, "gu");
// Scripts that write words without spaces between them.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

let segmenter: Intl.Segmenter | undefined;

/**
 * NFKC form with typographic apostrophes made plain, so that "don’t" and "don't" are one word, and without the signs that choose between a
 * coloured and a black emoji.
 */
export function normalizeUnicode(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\ufe0e\ufe0f]/g, "");
}

/**
 * Words of any script. A word is letters, digits and marks; apostrophes and zero-width joiners stay inside it, so that
 * «می‌روم» and "don't" are one word each. An emoji is a word. Everything else, punctuation of any script included, separates words.
 * Chinese, Japanese, Thai, Lao, Khmer and Burmese, which have no spaces, are cut by `Intl.Segmenter` (whose dictionary
 * depends on the version of ICU).
 */
export function unicodeWords(text: string): string[] {
  const words = normalizeUnicode(text).match(WORD) ?? [];
  if (!UNSPACED.test(text) || typeof Intl.Segmenter === "undefined") return words;
  segmenter ??= new Intl.Segmenter("und", { granularity: "word" });
  const cutter = segmenter;
  return words.flatMap((word) =>
    UNSPACED.test(word)
      ? Array.from(cutter.segment(word), ({ segment }) => segment).filter((part) => /[\p{L}\p{N}]/u.test(part))
      : [word],
  );
}
