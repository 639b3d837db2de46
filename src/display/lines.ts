/** Lines of text that results are shown in: facts, sections, comparisons, numbers by name. Pure: data in, lines out. */
import { bar, columnsOf, fraction, padTo, wrap } from "./text-layout.js";
import { marked } from "./text-styles.js";

/** A line of a layout, or text that has line breaks of its own. */
export type Line = string | { readonly text: string };

/** Target of the lines. */
export interface TextView {
  /** Columns to lay text out in. */
  readonly width: number;
  /** Whether the parts of a streamed answer were shown already, so that they are left out. */
  readonly streamed?: boolean;
}

/** A blank line, a heading and the lines below it. */
export function sectionLines(title: string, lines: readonly string[]): string[] {
  return ["", ...(title === "" ? [] : [marked("bold", title)]), ...lines];
}

/** `data   6,000 reviews …`, wrapped below itself. */
export function factLines({ width }: TextView, name: string, text: string): string[] {
  const indent = " ".repeat(10);
  const [first = "", ...rest] = wrap(text, width - indent.length);
  return [marked("dim", padTo(`  ${name}`, indent.length)) + first, ...rest.map((line) => indent + line)];
}

/** Names, bars and numbers, for values that lie between `low` and 1. */
export function comparison(width: number, rows: readonly { name: string; value: number }[], low: number): string[] {
  const names = Math.max(...rows.map(({ name }) => columnsOf(name)));
  const columns = Math.max(8, Math.min(48, width - names - 14));
  return rows.map(
    ({ name, value }) =>
      `  ${padTo(name, names)}  ${padTo(bar((value - low) / (1 - low), columns), columns)}  ${fraction(value)}`,
  );
}

/** Scores on the test part, in words: "loss 0.312, accuracy 0.873". */
export function testResults(test: Readonly<Record<string, number>>): string {
  const named = Object.entries(test).map(
    ([name, value]) => `${name === "testLoss" ? "loss" : name} ${fraction(value)}`,
  );
  return named.join(", ");
}
