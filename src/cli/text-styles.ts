/**
 * Colours as marks within a text: characters that are no text, which stand for the beginning and the end of a style. They take no room in a
 * layout, and only what writes to a terminal makes escape sequences of them, so nothing else in a text can.
 */
import { inspect } from "node:util";

const styles = ["bold", "dim", "red", "green", "yellow", "blue", "magenta", "cyan"] as const;

/** The styles there are. */
export type Style = (typeof styles)[number];

// Unicode's noncharacters U+FDD0 … U+FDDF: a beginning and an end of each style.
const FIRST = 0xfdd0;
const MARKS = /[\ufdd0-\ufddf]/g;

/** A text between the marks of a style. */
export function marked(style: Style, text: string): string {
  const mark = FIRST + 2 * styles.indexOf(style);
  return `${String.fromCharCode(mark)}${text}${String.fromCharCode(mark + 1)}`;
}

/** A text without its styles. */
export function withoutMarks(text: string): string {
  return text.replace(MARKS, "");
}

/** A text with the escape sequences that its marks stand for. */
export function withColors(text: string): string {
  return text.replace(MARKS, (mark) => {
    const place = mark.charCodeAt(0) - FIRST;
    return `\u001b[${inspect.colors[styles[place >> 1]!]![place & 1]}m`;
  });
}
