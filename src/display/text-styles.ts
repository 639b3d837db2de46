/**
 * Text styles as marks within a text: Unicode noncharacters for the beginning and the end of a style. They have no columns in a layout.
 * Only the writer to a terminal turns them into escape sequences, so no other text can contain any.
 */

// Select Graphic Rendition (ECMA-48): the codes that begin and end each style.
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

/** The names of styles. */
export type Style = keyof typeof codes;

const styles = /* @__PURE__ */ Object.keys(codes) as Style[];

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
    return `\u001b[${codes[styles[place >> 1]!][place & 1]}m`;
  });
}
