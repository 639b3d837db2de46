/** Text layout in columns: wrapping, numbers, bars, blocks side by side. Pure functions, without a terminal. */

import { largest } from "../tensor/extremes.js";
import { type Letter, lettersOf } from "./character-columns.js";
import { withoutMarks } from "./text-styles.js";
import { visibleLine } from "./visible-text.js";

/** The columns of a text, without its styles and with its control characters as they are shown. */
export function columnsOf(text: string): number {
  return lettersOf(visibleLine(withoutMarks(text))).reduce((sum, { columns }) => sum + columns, 0);
}

/** The number of letters from `start` on that fit into `room` columns. */
function fitting(letters: readonly Letter[], start: number, room: number): number {
  let end = start;
  for (let left = room; end < letters.length && letters[end]!.columns <= left; end++) left -= letters[end]!.columns;
  return end - start;
}

const joined = (letters: readonly Letter[]) => letters.map(({ text }) => text).join("");

/** Pads a text with spaces at the right. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** A text cut to at most `columns` columns; a longer text loses its styles and ends with …. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const letters = lettersOf(visibleLine(withoutMarks(text)));
  return `${joined(letters.slice(0, fitting(letters, 0, columns - 1)))}…`;
}

/**
 * Breaks at spaces so that no line is longer than `width`; a word that is longer is cut.
 *
 * @param indent the beginning of all lines after the first
 */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  let room = width;
  const end = (full: string) => {
    lines.push(lines.length === 0 ? full : indent + full);
    room = Math.max(1, width - indent.length);
  };
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const columns = columnsOf(word);
    if (line !== "" && columnsOf(line) + 1 + columns <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== "") end(line);
    line = word;
    if (columns <= room) continue;
    const letters = lettersOf(visibleLine(word));
    let start = 0;
    let count = fitting(letters, start, room);
    while (start + count < letters.length) {
      const from = start;
      start += Math.max(1, count);
      end(joined(letters.slice(from, start)));
      count = fitting(letters, start, room);
    }
    line = joined(letters.slice(start));
  }
  if (line === "" && lines.length > 0) return lines;
  return [...lines, lines.length === 0 ? line : indent + line];
}

/** A visible form of a token: without the spaces around it, or with symbols for a token of white space only. */
export function visible(token: string): string {
  const word = token.trim();
  return word === "" ? token.replaceAll("\n", "↵").replaceAll("\t", "⇥").replaceAll(" ", "␣") : word;
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar that fills `share` (0 to 1) of `columns`, to an eighth of a column. */
export function bar(share: number, columns: number): string {
  const units = Math.round(Math.max(0, Math.min(1, share)) * columns * 8);
  return "█".repeat(units >> 3) + eighths[units & 7]!;
}

/** Two blocks of lines side by side. */
export function beside(left: readonly string[], right: readonly string[], gap = 4): string[] {
  const columns = largest(left.map(columnsOf)) + gap;
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    `${padTo(left[i] ?? "", columns)}${right[i] ?? ""}`.trimEnd(),
  );
}

/** `1,234,567` */
export function thousands(value: number): string {
  return value.toLocaleString("en-US");
}

/** `0.843`, or `–` for a missing value. */
export function fraction(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "–" : value.toFixed(3);
}

/** `4.2 s`, `3 min 20 s` */
export function duration(seconds: number): string {
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
}
