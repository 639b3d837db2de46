import { visibleLines } from "../display/visible-text.js";

/** Text as HTML: safe between tags and within quoted attributes, its control characters as their escapes. */
export function escapeHtml(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
