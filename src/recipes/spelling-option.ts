/** Spelling option of every recipe that reads text: whether Persian is brought into one spelling. Keyboards and old encodings write one word in many ways. */

/** Values of `normalize`. */
export const spellings = ["auto", "persian", "none"] as const;

/** Help text of `normalize`. */
export const spellingHelp =
  "bring Persian letters, digits and half-spaces into one spelling; auto does so where the texts are Persian";
