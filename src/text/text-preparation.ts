/**
 * Text preparation: normalization before a text is cut into characters, words or subwords. It belongs to the codec, so that a model reads
 * texts as it did in training.
 */
import { FormatError } from "../errors.js";
import { flag, type OptionChecks } from "../options/index.js";
import { expectText } from "../tensor/expect-text.js";
import { normalizePersian } from "./normalize-persian.js";

/** Options of text preparation. */
export interface TextPreparation {
  /** Whether texts are lower-cased; default false. */
  readonly lower?: boolean;
  /** Whether Persian is normalized by `normalizePersian`; default false. */
  readonly persian?: boolean;
}

/** Checks of `TextPreparation`. */
export const preparationOptions: OptionChecks<TextPreparation> = { lower: flag, persian: flag };

/** The text as codecs cut it. */
export function prepareText(text: string, { lower = false, persian = false }: TextPreparation): string {
  expectText("the text to encode", text);
  const spelt = persian ? normalizePersian(text) : text;
  return lower ? spelt.toLowerCase() : spelt;
}

/** The preparation options among a codec's data. */
export function preparationOf({ lower = false, persian = false }: TextPreparation): TextPreparation {
  return { ...(lower ? { lower } : {}), ...(persian ? { persian } : {}) };
}

/** @throws FormatError unless the data hold a preparation */
export function readPreparation(data: Readonly<Record<string, unknown>>, name: string): TextPreparation {
  const { lower = false, persian = false } = data;
  if (typeof lower !== "boolean" || typeof persian !== "boolean") {
    throw new FormatError(`${name}: lower and persian must be true or false in a text codec. Save the model again.`);
  }
  return preparationOf({ lower, persian });
}

/**
 * Length of a chunk's part that can be prepared and cut by itself, see `TextCodec.safeLength`.
 *
 * @param cut how much can be cut of a text that is not prepared; a place before white space, where any, is always good
 */
export function safeLengthOf(
  chunk: string,
  { lower, persian }: TextPreparation,
  cut: (chunk: string) => number,
): number {
  if (persian) return lengthToLine(chunk);
  // The form of a small letter can depend on its neighbours (Σ), never on those beyond a space.
  return lower ? Math.min(lengthToSpace(chunk), cut(chunk)) : cut(chunk);
}

/** Length up to the last place where white space begins. */
export function lengthToSpace(chunk: string): number {
  for (let end = chunk.length - 1; end > 0; end--) {
    if (/\s/.test(chunk[end]!) && /\S/.test(chunk[end - 1]!)) return end;
  }
  return 0;
}

// Characters that Persian's rules leave in place, so that a line break after them stays next to them.
const LAST = /[\w.,:;!?)»،؛؟ء-غف-يپچژکگی۰-۹]/;

/** Length up to the last line break that comes right after a letter, a digit or a mark. */
function lengthToLine(chunk: string): number {
  for (let end = chunk.length - 1; end > 0; end--) {
    if ((chunk[end] === "\n" || chunk[end] === "\r") && LAST.test(chunk[end - 1]!)) return end;
  }
  return 0;
}
