/**
 * Escapes of untrusted text (labels, tags, names of files and layers, characters that a model generates) before it is shown: characters
 * that control a terminal or change the direction of reading become escapes such as `\u001b`. They are JSON's escapes, so JSON stays valid.
 */

// C0, DEL and C1; the separators of lines and paragraphs; embeddings, overrides and isolates of the direction. Joiners and marks of Persian
// and of emoji are not among them.
const STEERING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text as one line: every control character is shown as its escape, line breaks and tabs among them. */
export function visibleLine(text: string): string {
  return text.replace(STEERING, escaped);
}

/** A text of several lines: as {@link visibleLine}, but line breaks and tabs stay. */
export function visibleLines(text: string): string {
  const unified = text.replaceAll("\r\n", "\n");
  return unified.replace(STEERING, (character) =>
    character === "\n" || character === "\t" ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
