/** A small chart of block characters: one column a value, drawn to an eighth of a row. Pure: numbers in, lines out. */

import { padTo } from "../display/text-layout.js";
import { largest, smallest } from "../tensor/extremes.js";

export interface PlotOptions {
  readonly title: string;
  /** Left to right; what is not finite is left empty. */
  readonly values: readonly number[];
  /** Columns that the whole chart may take. */
  readonly width: number;
  /** Rows of the drawing. */
  readonly height: number;
  /** Values at the bottom and the top; by default the least and the largest value. */
  readonly low?: number;
  readonly high?: number;
}

const eighths = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const widestColumn = 3;

/** The chart's lines: title, drawing with the range at its left, and the numbers of the first and last value below. */
export function textPlot({ title, values, width, height, ...range }: PlotOptions): string[] {
  const finite = values.filter(Number.isFinite);
  const low = range.low ?? smallest(finite);
  const high = range.high ?? largest(finite);
  const [top, bottom] = finite.length === 0 ? ["", ""] : [high.toFixed(2), low.toFixed(2)];
  const margin = Math.max(top.length, bottom.length);
  const room = Math.max(1, width - margin - 3);
  const shown = fitted(values, room);
  const column = Math.max(1, Math.min(widestColumn, Math.floor(room / Math.max(1, shown.length))));
  // The least value keeps one eighth of a row, so that it is seen.
  const levels = shown.map((value) => {
    if (!Number.isFinite(value)) return 0;
    const share = high > low ? Math.max(0, Math.min(1, (value - low) / (high - low))) : 1;
    return Math.round(1 + share * (height * 8 - 1));
  });
  const rows = Array.from({ length: height }, (_, row) => {
    const label = row === 0 ? top : row === height - 1 ? bottom : "";
    const base = (height - 1 - row) * 8;
    const cells = levels.map((level) => cell(Math.max(0, Math.min(8, level - base)), column));
    return ` ${label.padStart(margin)} ${label === "" ? "│" : "┤"}${cells.join("")}`.trimEnd();
  });
  const first = " ".repeat(margin + 3);
  const drawn = shown.length * column - (column > 1 ? 1 : 0);
  const ends = values.length < 2 ? "1" : padTo("1", drawn - String(values.length).length) + values.length;
  return [` ${title}`, ...rows, `${first}${ends}`];
}

function cell(level: number, column: number): string {
  // A gap between wide columns keeps them apart.
  return column > 1 ? `${eighths[level]!.repeat(column - 1)} ` : eighths[level]!;
}

/** At most `room` values: neighbours are averaged when there are more. */
function fitted(values: readonly number[], room: number): number[] {
  if (values.length <= room) return [...values];
  return Array.from({ length: room }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / room), Math.floor(((i + 1) * values.length) / room));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
