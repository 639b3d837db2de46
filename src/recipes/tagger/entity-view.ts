/** Entities as lines of text: a table of scores by type, and a text with its entities marked. Pure: data in, lines out. */

import { columnsOf, fraction, padTo, thousands, wrap } from "../../display/text-layout.js";
import type { Style } from "../../display/text-styles.js";
import type { EntityScore, EntityScores } from "./entity-scores.js";
import type { TaggedText } from "./tag-text.js";

type Styler = (style: Style, text: string) => string;

const colors = ["cyan", "green", "yellow", "magenta", "blue", "red"] as const;

/** A row a type, and one of all. */
export function entityLines({ types, ...all }: EntityScores): string[] {
  const rows: [string, EntityScore][] = [...Object.entries(types), ["all", all]];
  const names = Math.max(...rows.map(([name]) => columnsOf(name)), 4);
  const line = ([name, { precision, recall, f1, support, found }]: [string, EntityScore]) =>
    `  ${padTo(name, names)}  ${[precision, recall, f1].map((value) => fraction(value).padStart(9)).join("")}` +
    `${thousands(support).padStart(9)}${thousands(found).padStart(9)}`;
  const head = ["precision", "recall", "F1", "there", "found"].map((name) => name.padStart(9)).join("");
  return [`  ${padTo("type", names)}  ${head}`, ...rows.map(line)];
}

/**
 * A text with its entities in brackets, each with its type: "[Barack Obama person] visited [Tehran place]".
 *
 * @param labels all types there are; each has a colour of its own
 */
export function markedLines(
  { text, spans }: TaggedText,
  labels: readonly string[],
  { width, style }: { readonly width: number; readonly style: Styler },
): string[] {
  let marked = "";
  let at = 0;
  for (const { start, end, label } of spans) {
    const color = colors[labels.indexOf(label) % colors.length] ?? "cyan";
    // Each word by itself: a line may break within an entity.
    const words = `[${text.slice(start, end)} ${label}]`.split(/\s+/);
    marked += text.slice(at, start) + words.map((word) => style(color, word)).join(" ");
    at = end;
  }
  return wrap(marked + text.slice(at), width - 2).map((line) => `  ${line}`);
}

/** A line an entity, types and texts below one another. */
export function spanLines(
  { spans }: TaggedText,
  labels: readonly string[],
  { width, style }: { readonly width: number; readonly style: Styler },
): string[] {
  const columns = Math.max(...labels.map(columnsOf), 0);
  return spans.flatMap(({ label, text }) => {
    const color = colors[labels.indexOf(label) % colors.length] ?? "cyan";
    const [first, ...rest] = wrap(text, width - columns - 6);
    const indent = " ".repeat(columns + 6);
    return [`    ${style(color, padTo(label, columns))}  ${first}`, ...rest.map((line) => indent + line)];
  });
}
