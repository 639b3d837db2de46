/** Spelling option of every recipe that reads text: whether Persian is brought into one spelling. Keyboards and old encodings write one word in many ways. */

/** What `normalize` may be. */
export const spellings = ["auto", "persian", "none"] as const;

/** What is said about it. */
export const spellingHelp =
  "bring Persian letters, digits and half-spaces into one spelling; auto does so where the texts are Persian";
