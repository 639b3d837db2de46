/** Summary of a model, letter by letter as Keras 3 prints it (or Keras 2, as on older slides). */
import { visibleLine } from "../display/visible-text.js";
import { ConfigError } from "../errors.js";
import { aFunction, count, either, flag, listOf, type OptionChecks, oneOf, share } from "../options/index.js";
import type { PartialShape } from "../tensor/shape.js";

export interface SummaryRow {
  readonly name: string;
  readonly type: string;
  /** Undefined while the model is not built. */
  readonly shapes?: readonly PartialShape[];
  readonly parameters: number;
  readonly trainable: boolean;
  /** True for an unbuilt layer that waits for weights or a shape. */
  readonly waits: boolean;
  /** Its inputs, "lstm[0][1]"; given for all rows of a model that is not a chain. */
  readonly connections?: string | undefined;
  /** The rows of a model that is a layer. */
  readonly inside?: readonly SummaryRow[];
}

export interface SummaryTotals {
  readonly trainable: number;
  readonly nonTrainable: number;
  /** Numbers of the optimizer, its counter and learning rate included; undefined before training. */
  readonly optimizer?: number;
}

/** Options of `summary`. */
export interface SummaryOptions {
  /** Columns of the table; default: those of the terminal less 4, at most 88. A page without a terminal counts as 80 columns. */
  readonly lineLength?: number;
  /** Ends of the box's columns, as fractions of the line; default [0.45, 0.8, 1], or [0.3, 0.56, 0.74, 1] with a column of connections. */
  readonly positions?: readonly number[];
  /** Adds a column of trained layers: Y, N, or - for a layer without weights. Default false. */
  readonly showTrainable?: boolean;
  /** Shows the layers of models that are layers, below them. Default false. */
  readonly expandNested?: boolean;
  /** "keras3" draws a box, "keras2" the plain table of older versions. */
  readonly style?: "keras3" | "keras2";
  /** Receives the text; default console.log. `false` prints nothing. */
  readonly print?: ((text: string) => void) | false;
}

/** Checks of `SummaryOptions`. */
export const summaryOptions: OptionChecks<SummaryOptions> = {
  lineLength: count,
  positions: listOf("shares of the line", share),
  showTrainable: flag,
  expandNested: flag,
  style: oneOf("keras3", "keras2"),
  print: either(aFunction, oneOf(false)),
};

/** The text of the table. @throws ConfigError when the columns do not fit into the line */
export function formatSummary(
  name: string,
  rows: readonly SummaryRow[],
  totals: SummaryTotals,
  options: SummaryOptions = {},
): string {
  // Names may come from a file.
  const shown = (options.expandNested ? rows.flatMap((row) => expanded(row, 0)) : rows).map((row) => ({
    ...row,
    name: visibleLine(row.name),
    type: visibleLine(row.type),
    connections: row.connections && visibleLine(row.connections),
  }));
  const title = visibleLine(name);
  return options.style === "keras2" ? keras2(title, shown, totals) : keras3(title, shown, totals, options);
}

/** A row, and the rows inside it with a branch before their names. */
function expanded(row: SummaryRow, depth: number): SummaryRow[] {
  const name = depth === 0 ? row.name : `${"   ".repeat(depth)}└ ${row.name}`;
  return [{ ...row, name }, ...(row.inside ?? []).flatMap((each) => expanded(each, depth + 1))];
}

function terminalColumns(): number {
  const { process } = globalThis as { process?: { stdout?: { columns?: number } } };
  return process?.stdout?.columns ?? 80;
}

type Align = (text: string, width: number) => string;
const left: Align = (text, width) => text.padEnd(width);
const right: Align = (text, width) => text.padStart(width);
const centre: Align = (text, width) => text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);

interface Column {
  readonly heading: string;
  readonly align: Align;
  text(row: SummaryRow): string;
}

const table: readonly Column[] = [
  { heading: "Layer (type)", align: left, text: ({ name, type }) => `${name} (${type})` },
  { heading: "Output Shape", align: left, text: shapeText },
  { heading: "Param #", align: right, text: parameterText },
];
const connectedTo: Column = { heading: "Connected to", align: left, text: ({ connections }) => connections ?? "-" };
const trainableColumn: Column = { heading: "Trainable", align: centre, text: trainableText };

function keras3(name: string, rows: readonly SummaryRow[], totals: SummaryTotals, options: SummaryOptions): string {
  const { showTrainable = false } = options;
  const connected = rows.some(({ connections }) => connections !== undefined);
  const positions = options.positions ?? (connected ? [0.3, 0.56, 0.74, 1] : [0.45, 0.8, 1]);
  const widest = (connected ? 108 : 88) + (showTrainable ? 12 : 0);
  const lineLength = options.lineLength ?? Math.min(widest, terminalColumns() - 4);
  const columns = [...table, ...(connected ? [connectedTo] : []), ...(showTrainable ? [trainableColumn] : [])];
  const ends = showTrainable ? [...positions.map((share) => share * 0.9), 1] : positions;
  const widths = columnWidths(lineLength, ends, columns.length);
  const rule = (start: string, fill: string, cross: string, end: string) =>
    start + widths.map((width) => fill.repeat(width)).join(cross) + end;
  const row = (cells: readonly string[], edge: string) => {
    const lines = widths.map((width, i) => wrapCell(cells[i]!, width - 2));
    const height = Math.max(...lines.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => {
      // Headings are aligned to the line below them.
      const skipped = (cell: readonly string[]) => (edge === "┃" ? height - cell.length : 0);
      const parts = lines.map((cell, i) => ` ${columns[i]!.align(cell[line - skipped(cell)] ?? "", widths[i]! - 2)} `);
      return edge + parts.join(edge) + edge;
    });
  };
  const cells = (entry: SummaryRow) => columns.map(({ text }) => text(entry));
  const body = rows.map((entry) => row(cells(entry), "│"));
  const separator = rule("├", "─", "┼", "┤");
  const { trainable, nonTrainable, optimizer } = totals;
  const total = trainable + nonTrainable + (optimizer ?? 0);
  return [
    `Model: "${name}"`,
    rule("┏", "━", "┳", "┓"),
    ...row(
      columns.map(({ heading }) => heading),
      "┃",
    ),
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

/**
 * Widths between the borders. Keras asks for columns that together are as wide as the line; the borders and a space on either side of each
 * text then have to be taken from the columns, in parts as equal as whole numbers allow (halves go to the even number).
 */
function columnWidths(lineLength: number, positions: readonly number[], count: number): number[] {
  const ends = positions.map((share) => Math.floor(share * lineLength));
  const asked = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  if (asked.some((width) => !(width >= 4)) || positions.at(-1) !== 1 || asked.length !== count) {
    throw new ConfigError(
      `summary: columns that end at ${positions.join(", ")} of ${lineLength} characters cannot be drawn; give one position to each of the columns, ` +
        "the last of them 1, and at least 4 characters to each column.",
    );
  }
  let excess = 3 * asked.length + 1;
  return asked.map((width, i) => {
    const share = excess / (asked.length - i);
    const taken = share % 1 === 0.5 ? 2 * Math.round(share / 2) : Math.round(share);
    excess -= taken;
    return width + 2 - taken;
  });
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
  const texts = shapes.map((shape) => `(${shape.map((axis) => axis ?? "None").join(", ")})`);
  return texts.length === 1 ? texts[0]! : `[${texts.join(", ")}]`;
}

function trainableText({ parameters, trainable }: SummaryRow): string {
  if (parameters === 0) return "-";
  return trainable ? "Y" : "N";
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
