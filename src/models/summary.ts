/** The table of a model, letter by letter as Keras 3 prints it (or Keras 2, as on older slides). */
import type { PartialShape } from "../tensor/shape.js";

export interface SummaryRow {
  readonly name: string;
  readonly type: string;
  /** Undefined while the model is not built. */
  readonly shapes?: readonly PartialShape[];
  readonly parameters: number;
  /** Whether an unbuilt layer is waiting for weights or a shape. */
  readonly waits: boolean;
}

export interface SummaryTotals {
  readonly trainable: number;
  readonly nonTrainable: number;
  /** Numbers of the optimizer, its counter and learning rate included; undefined before training. */
  readonly optimizer?: number;
}

/** Options of `summary`. */
export interface SummaryOptions {
  /** Columns of the whole; default 76, what Keras draws on a terminal of 80. */
  readonly lineLength?: number;
  /** "keras3" draws a box, "keras2" the plain table of older versions. */
  readonly style?: "keras3" | "keras2";
  /** Receives the text; default console.log. `false` prints nothing. */
  readonly print?: ((text: string) => void) | false;
}

/** The text of the table. */
export function formatSummary(
  name: string,
  rows: readonly SummaryRow[],
  totals: SummaryTotals,
  options: SummaryOptions = {},
): string {
  return options.style === "keras2" ? keras2(name, rows, totals) : keras3(name, rows, totals, options.lineLength ?? 76);
}

function keras3(name: string, rows: readonly SummaryRow[], totals: SummaryTotals, lineLength: number): string {
  const [a, b, c] = [Math.floor(lineLength * 0.45), Math.floor(lineLength * 0.8), lineLength];
  const widths = [a - 1, b - a - 2, c - b - 1];
  const rule = (left: string, fill: string, cross: string, right: string) =>
    left + widths.map((width) => fill.repeat(width)).join(cross) + right;
  const row = (cells: readonly string[], edge: string) => {
    const lines = cells.map((cell, i) => wrapCell(cell, widths[i]! - 2));
    const height = Math.max(...lines.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => {
      const parts = lines.map((cell, i) => {
        const text = cell[line] ?? "";
        const width = widths[i]! - 2;
        return ` ${i === 2 ? text.padStart(width) : text.padEnd(width)} `;
      });
      return edge + parts.join(edge) + edge;
    });
  };
  const body = rows.map((entry) => row([`${entry.name} (${entry.type})`, shapeText(entry), parameterText(entry)], "│"));
  const separator = rule("├", "─", "┼", "┤");
  const { trainable, nonTrainable, optimizer } = totals;
  const total = trainable + nonTrainable + (optimizer ?? 0);
  return [
    `Model: "${name}"`,
    rule("┏", "━", "┳", "┓"),
    ...row(["Layer (type)", "Output Shape", "Param #"], "┃"),
    rule("┡", "━", "╇", "┩"),
    ...body.flatMap((lines, i) => (i === 0 ? lines : [separator, ...lines])),
    rule("└", "─", "┴", "┘"),
    ` Total params: ${withSize(total)}`,
    ` Trainable params: ${withSize(trainable)}`,
    ` Non-trainable params: ${withSize(nonTrainable)}`,
    ...(optimizer === undefined ? [] : [` Optimizer params: ${withSize(optimizer)}`]),
    "",
  ].join("\n");
}

/** Words that do not fit go to the next line; one that is too long for any ends in an ellipsis. */
function wrapCell(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").map((part) => (part.length > width ? `${part.slice(0, width - 1)}…` : part))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function shapeText({ shapes }: SummaryRow): string {
  if (!shapes) return "?";
  const texts = shapes.map(
    (shape) => `(${shape.map((axis) => axis ?? "None").join(", ")}${shape.length === 1 ? "," : ""})`,
  );
  return texts.length === 1 ? texts[0]! : `[${texts.join(", ")}]`;
}

function parameterText({ shapes, parameters, waits }: SummaryRow): string {
  return shapes || !waits ? grouped(parameters) : "0 (unbuilt)";
}

const grouped = (count: number) => count.toLocaleString("en-US");

/** "320,000 (1.22 MB)": four bytes a number. */
function withSize(count: number): string {
  let size = count * 4;
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${grouped(count)} (${size.toFixed(2)} ${units[unit]})`;
}

function keras2(name: string, rows: readonly SummaryRow[], { trainable, nonTrainable }: SummaryTotals): string {
  const [first, second, width] = [29, 55, 65];
  const line = (cells: readonly [string, string, string]) =>
    `${cells[0].slice(0, first - 1).padEnd(first)}${cells[1].slice(0, second - first - 1).padEnd(second - first)}${cells[2]}`
      .padEnd(width)
      .slice(0, width)
      .trimEnd();
  const body = rows.map((row) => line([`${row.name} (${row.type})`, shapeText(row), String(row.parameters)]));
  return [
    `Model: "${name}"`,
    "_".repeat(width),
    line(["Layer (type)", "Output Shape", "Param #"]),
    "=".repeat(width),
    ...body.flatMap((text, i) => [text, (i === body.length - 1 ? "=" : "_").repeat(width)]),
    `Total params: ${grouped(trainable + nonTrainable)}`,
    `Trainable params: ${grouped(trainable)}`,
    `Non-trainable params: ${grouped(nonTrainable)}`,
    "_".repeat(width),
    "",
  ].join("\n");
}
