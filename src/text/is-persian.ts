/** Detection of Persian texts, which are then normalized. */
import { notText } from "../tensor/expect-text.js";
import { textsOf } from "./text-source.js";

const ENOUGH = 1_000_000; // characters that are counted

/**
 * True for texts most of whose letters are of the Arabic script, and one in two hundred of those one that Arabic does not have (پ چ ژ گ):
 * Arabic itself, and other languages that quote some Persian, are not. The first million characters decide.
 */
export async function isPersian(texts: Iterable<string> | AsyncIterable<string>): Promise<boolean> {
  let [seen, letters, arabic, persian] = [0, 0, 0, 0];
  if (typeof texts === "string") throw notText("isPersian: texts", texts, "a list of texts: wrap it in a list, [text]");
  for await (const text of textsOf("isPersian: texts", texts)) {
    letters += text.match(/\p{L}/gu)?.length ?? 0;
    arabic += text.match(/\p{sc=Arabic}/gu)?.length ?? 0;
    persian += text.match(/[پچژگ]/g)?.length ?? 0;
    seen += text.length;
    if (seen >= ENOUGH) break;
  }
  return arabic > letters / 2 && persian > arabic / 200;
}
