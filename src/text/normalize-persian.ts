/**
 * Normalization of Persian text: one code for each letter, from any keyboard, and the half-space (U+200C, the
 * zero-width non-joiner) where the orthography has it and it shows. Letters and digits follow ISIRI 6219, the standard of Persian text in
 * Unicode; half-spaces the Academy of Persian Language's rules of writing; what is unified beyond that is what the Persian
 * toolkits Hazm and Parsivar do. Rules never read beyond a line, and normalizing twice changes nothing.
 */

import { checkOptions, flag, type OptionChecks, oneOf } from "../options/index.js";
import { expectText } from "../tensor/expect-text.js";

/** Options of {@link normalizePersian}. */
export interface PersianOptions {
  /**
   * "persian": Arabic digits become Persian ones, ٣ → ۳, and those of Latin stay; "latin": both become Latin ones, with
   * decimal and thousands separators between them; "keep" leaves all. Default "persian".
   */
  readonly digits?: "persian" | "latin" | "keep";
  /** Whether a prefix or ending that stands apart is joined by a half-space, «می رود» → «می‌رود»; default true. */
  readonly affixes?: boolean;
}

const persianOptions: OptionChecks<PersianOptions> = {
  digits: oneOf("persian", "latin", "keep"),
  affixes: flag,
};

const LETTERS: Readonly<Record<string, string>> = {
  // Arabic and other forms of yeh and kaf
  ي: "ی",
  ى: "ی",
  ې: "ی",
  ۍ: "ی",
  ێ: "ی",
  ے: "ی",
  ك: "ک",
  ڪ: "ک",
  // forms of heh; the ezafe on it, which most texts leave out, and the Arabic feminine ending
  ە: "ه",
  ہ: "ه",
  ھ: "ه",
  ۀ: "ه",
  ۂ: "ه",
  ة: "ه",
  ۃ: "ه",
  // hamza's seats: «متأسفانه» and «متاسفانه», «مؤثر» and «موثر» are one word; آ and ئ are letters of their own
  أ: "ا",
  إ: "ا",
  ٱ: "ا",
  ؤ: "و",
  // typographic quotation marks; « » stay
  "“": '"',
  "”": '"',
  "„": '"',
  "‘": "'",
  "’": "'",
  "‚": "'",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");

// Forms of letters for display, from old encodings: ﻻ → لا. Without the vowel signs among them.
const PRESENTATION = /[\ufb50-\ufc5d\ufc64-\ufdff\ufe80-\ufefc]+/g;
// Vowel signs and Quranic marks, hamza on other letters, tatweel, and the vowel signs' forms for display
const MARKS =
  /[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\ufc5e-\ufc63\ufe70-\ufe7f]/g;
// Direction marks, zero-width spaces, byte order marks
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
// Zero-width joiners next to a letter of this script or a half-space; in emoji they stay
const JOINER = /(?<=[\p{sc=Arabic}\u200c])\u200d+|(?<!\u200d)\u200d+(?=[\p{sc=Arabic}\u200c])/gu;
// Substitutes of old keyboards and fonts, several in a row, and places without anything to keep apart
const OLD_HALF_SPACE = /(?<=\p{L})[\u00ac\u00ad\u200c]+(?=\p{L})/gu;
const HALF_SPACES = /\u200c{2,}/g;
const IDLE_HALF_SPACE = /(?<![\p{L}\p{M}\p{N}])\u200c|\u200c(?![\p{L}\p{M}\p{N}])/gu;
// Letters that join no letter behind them, and those that join none at all (Unicode's ArabicShaping: types R and U). A half-space behind the
// former or before the latter changes nothing that can be seen: «بندر‌ها» is «بندرها».
const UNSEEN_HALF_SPACE =
  /(?<=[\u0621-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5\u06ee\u06ef])\u200c|\u200c(?=[\u0621\u0674])/g;
const SPACES = /[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+/g;

// «می» and «نمی» before a word of two letters or more; endings that are no words of their own, after two letters or more
const PREFIX = /(?<![\p{L}\p{M}\p{N}\u200c])(ن?می) (?=[آ-غف-يپچژکگی]{2})/gu;
const ENDING = /(?<=\p{L}{2}) (?=(?:ها(?:ی(?:ی|م|ت|ش|مان|تان|شان)?)?|ترین)(?![\p{L}\p{M}\p{N}\u200c]))/gu;

/**
 * A text in one spelling: letters, marks, digits, quotation marks, spaces and half-spaces as said above; other scripts stay
 * as they are except for canonical composition (NFC).
 *
 * @example normalizePersian("كتاب هاي او را مي خوانم"); // "کتاب‌های او را می‌خوانم"
 */
export function normalizePersian(text: string, options: PersianOptions = {}): string {
  const { digits = "persian", affixes = true } = checkOptions("normalizePersian", options, persianOptions);
  let result = expectText("normalizePersian: text", text)
    .replace(/\r\n?/g, "\n")
    .replace(INVISIBLE, "")
    .replace(PRESENTATION, (forms) => forms.normalize("NFKC"))
    // A yeh with hamza above is ئ whichever yeh it is.
    .replace(/[یى]\u0654/g, "ئ")
    .normalize("NFC")
    .replace(MARKS, "")
    .replace(JOINER, "")
    .replace(LETTER, (letter) => LETTERS[letter]!)
    .replace(OLD_HALF_SPACE, "\u200c")
    .replace(HALF_SPACES, "\u200c")
    .replace(IDLE_HALF_SPACE, "")
    .replace(UNSEEN_HALF_SPACE, "")
    .replace(SPACES, " ");
  if (affixes) {
    result = result.replace(PREFIX, "$1\u200c").replace(ENDING, "\u200c").replace(UNSEEN_HALF_SPACE, "");
  }
  return unifyDigits(result, digits).normalize("NFC");
}

function unifyDigits(text: string, digits: "persian" | "latin" | "keep"): string {
  if (digits === "keep") return text;
  const zero = digits === "persian" ? 0x06f0 : 0x30;
  const unified = text.replace(digits === "persian" ? /[٠-٩]/g : /[٠-٩۰-۹]/g, (digit) =>
    String.fromCharCode(zero + (digit.charCodeAt(0) & 0xf)),
  );
  if (digits === "persian") return unified;
  return unified.replace(/(?<=\d)٫(?=\d)/g, ".").replace(/(?<=\d)٬(?=\d)/g, ",");
}
