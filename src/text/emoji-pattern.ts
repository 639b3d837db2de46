/**
 * Pattern of one emoji as people see it: a flag, a keycap, or a pictograph with its skin tone, its joined parts and its tags (Unicode
 * Technical Standard #51). Source text for a regular expression with the flags "u" or "iu".
 */
// Repetitions are bounded, so that no text makes the engine of patterns run out of memory.
const PICTOGRAPH = "\\p{Extended_Pictographic}(?:[\\u{1f3fb}-\\u{1f3ff}\\ufe0e\\ufe0f]|[\\u{e0020}-\\u{e007f}]){0,20}";

/** See the head of this file. */
export const EMOJI = [
  "\\p{RI}\\p{RI}?",
  "[0-9#*]\\ufe0f?\\u20e3",
  `${PICTOGRAPH}(?:\\u200d${PICTOGRAPH}){0,20}`,
  "[\\u{1f3fb}-\\u{1f3ff}]",
].join("|");
