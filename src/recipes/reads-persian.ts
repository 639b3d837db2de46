/** Decision whether texts are brought into one Persian spelling. */
import { isPersian } from "../text/index.js";
import type { spellings } from "./spelling-option.js";

/** Whether texts are to be brought into one spelling, by the option and by themselves. */
export async function readsPersian(
  normalize: (typeof spellings)[number],
  texts: Iterable<string> | AsyncIterable<string>,
): Promise<boolean> {
  return normalize === "persian" || (normalize === "auto" && (await isPersian(texts)));
}
