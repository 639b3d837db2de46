/** The option of every recipe that reads text: whether Persian is brought into one spelling. Keyboards and old encodings write one word in many ways. */
import { isPersian } from "../text/index.js";

/** What `normalize` may be. */
export const spellings = ["auto", "persian", "none"] as const;

/** What is said about it. */
export const spellingHelp =
  "bring Persian letters, digits and half-spaces into one spelling; auto does so where the texts are Persian";

/** Whether texts are to be brought into one spelling, by the option and by themselves. */
export async function readsPersian(
  normalize: (typeof spellings)[number],
  texts: Iterable<string> | AsyncIterable<string>,
): Promise<boolean> {
  return normalize === "persian" || (normalize === "auto" && (await isPersian(texts)));
}
