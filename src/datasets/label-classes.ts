/** Classes of labels: the classes of a data set, and the class of each label in any spelling. */

import { ConfigError, FormatError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { expectTexts } from "../tensor/expect-text.js";
import type { LabelPlaces, ReviewOptions } from "./review-table.js";

const POLARITY = new Map([
  ["0", 0],
  ["neg", 0],
  ["negative", 0],
  ["1", 1],
  ["pos", 1],
  ["positive", 1],
]);
const MOST_CLASSES = 10_000;
const MOST_LABELS_NAMED = 8;

interface Classes {
  readonly classNames: string[];
  /** The number of each label's class. */
  readonly classOf: Map<string, number>;
}

/** Classes with explicit lists of labels; other labels belong to no class. @throws ConfigError for a label of two classes */
export function classesOfGroups(groups: NonNullable<ReviewOptions["classes"]>): Classes {
  const classNames = Object.keys(groups);
  if (Array.isArray(groups) || classNames.length === 0) {
    throw new ConfigError(
      `classes: expected an object of classes and their labels, { negative: ["-1"], … }, received ${formatValue(groups)}.`,
    );
  }
  for (const name of classNames) expectTexts(`classes: ${name}`, groups[name]);
  const classOf = new Map<string, number>();
  for (const [i, label] of classNames.flatMap((name, k) => groups[name]!.map((each) => [k, each] as const))) {
    if (classOf.has(label))
      throw new ConfigError(`classes: the label "${label}" belongs to two classes; leave it in one.`);
    classOf.set(label, i);
  }
  return { classNames, classOf };
}

/** Every label a class, in order; 0/1, neg/pos and negative/positive are the two classes "negative" and "positive". */
export function classesOfLabels(labels: readonly string[], source: string): Classes {
  if (labels.every((label) => POLARITY.has(label.toLowerCase()))) {
    const classOf = new Map(labels.map((label) => [label, POLARITY.get(label.toLowerCase())!]));
    return { classNames: ["negative", "positive"], classOf };
  }
  if (labels.length > MOST_CLASSES) {
    throw new FormatError(
      `${source}: has ${labels.length} different labels; is the label column the right one? Name it with columns.`,
    );
  }
  const whole = labels.every((label) => /^[+-]?\d{1,15}$/.test(label));
  const classNames = [...labels].sort(whole ? (a, b) => Number(a) - Number(b) : undefined);
  return { classNames, classOf: new Map(classNames.map((label, i) => [label, i])) };
}

/** The classes of labels in any spelling; a label without a class, or with several possible ones, is left out. */
export function matchLabels(labels: readonly string[], classNames: readonly string[]): Map<string, number> {
  const spellings = [(name: string) => name, ...(polar(classNames) ? [polarityOf] : []), numberOf, foldedOf];
  const tables = spellings.map((spelling) => ({ spelling, numbers: uniqueNumbers(classNames.map(spelling)) }));
  const classOf = new Map<string, number>();
  for (const label of labels) {
    const found = tables.find(({ spelling, numbers }) => numbers.get(spelling(label)) !== undefined);
    if (found) classOf.set(label, found.numbers.get(found.spelling(label))!);
  }
  return classOf;
}

/** Whether classes are negative and positive, by any of their names. */
function polar(classNames: readonly string[]): boolean {
  return (
    new Set(classNames.map(polarityOf)).size === classNames.length &&
    classNames.every((name) => polarityOf(name) !== undefined)
  );
}

function polarityOf(label: string): string | undefined {
  return POLARITY.get(label.toLowerCase())?.toString();
}

/** "+1", "01" and "1.0" are 1. */
function numberOf(label: string): string | undefined {
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(label) ? String(Number(label)) : undefined;
}

function foldedOf(label: string): string {
  return label.normalize("NFKC").trim().toLowerCase();
}

/** The index of each key that occurs once. */
function uniqueNumbers(keys: readonly (string | undefined)[]): Map<string | undefined, number> {
  const numbers = new Map<string | undefined, number>();
  for (const [i, key] of keys.entries()) {
    if (key !== undefined && keys.indexOf(key) === keys.lastIndexOf(key)) numbers.set(key, i);
  }
  return numbers;
}

/** Labels and their rows: 'a.csv, rows 3, 5 and 7 more: the labels "c" and 2 others'. */
export function describePlaces(places: readonly (readonly [label: string, places: LabelPlaces])[]): string {
  const [, first] = places[0]!;
  const rows = places.flatMap(([, place]) => (place.source === first.source ? place.rows : [])).sort((a, b) => a - b);
  const shown = rows.slice(0, 8);
  const count = places.reduce((sum, [, place]) => sum + (place.source === first.source ? place.count : 0), 0);
  const more = count - shown.length;
  const where =
    shown.length === 0
      ? ""
      : `, row${count === 1 ? "" : "s"} ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const names = places.slice(0, MOST_LABELS_NAMED).map(([label]) => JSON.stringify(label));
  const others = places.length > MOST_LABELS_NAMED ? `, …` : "";
  return `${first.source}${where}: the label${places.length === 1 ? "" : "s"} ${names.join(", ")}${others}`;
}
