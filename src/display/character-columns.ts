/**
 * Columns of characters in a terminal: two for emoji and East Asian characters, zero for marks and joiners, which combine with another
 * character (Unicode Standard Annex #11). Terminals differ in rare characters, which layouts here ignore.
 */

/** A grapheme (a character as readers see it) and its columns. */
export interface Letter {
  readonly text: string;
  readonly columns: number;
}

const PLAIN = /^[\x20-\x7e]*$/;
const WIDE =
  /\ufe0f|\u20e3|[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const UNSEEN = /^[\p{M}\p{Cf}]*$/u;

let segmenter: Intl.Segmenter | undefined;

/** The characters of a text without control characters. */
export function lettersOf(text: string): Letter[] {
  if (PLAIN.test(text)) return Array.from(text, (letter) => ({ text: letter, columns: 1 }));
  segmenter ??= new Intl.Segmenter("und", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => ({ text: segment, columns: columnsOfLetter(segment) }));
}

function columnsOfLetter(letter: string): number {
  if (UNSEEN.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}
