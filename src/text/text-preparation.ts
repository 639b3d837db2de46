/**
 * What is done to a text before it is cut into characters, words or pieces. It belongs to the codec, so that a text is
 * read by a model as the texts were that it learnt from.
 */
import { FormatError } from "../errors.js";

/** How a text is prepared. */
export interface TextPreparation {
  /** Whether capital letters become small ones; default false. */
  readonly lower?: boolean;
}

/** The text as codecs cut it. */
export function prepareText(text: string, { lower = false }: TextPreparation): string {
  return lower ? text.toLowerCase() : text;
}

/** What of a codec's data is its preparation, with nothing else. */
export function preparationOf({ lower = false }: TextPreparation): TextPreparation {
  return lower ? { lower } : {};
}

/** @throws FormatError unless the data hold a preparation */
export function readPreparation(data: Readonly<Record<string, unknown>>, name: string): TextPreparation {
  const { lower = false } = data;
  if (typeof lower !== "boolean") {
    throw new FormatError(`${name}: lower must be true or false in a text codec. Save the model again.`);
  }
  return preparationOf({ lower });
}

/** Length up to which a text can be prepared and cut into words by itself: it ends after the last white space. */
export function lengthToWhiteSpace(chunk: string): number {
  let end = chunk.length;
  while (end > 0 && !/\s/.test(chunk[end - 1]!)) end--;
  return end;
}
