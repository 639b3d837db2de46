/**
 * One table of labelled texts, TSV or CSV, plain or gzip → its texts and raw labels. Columns are found by their header.
 * TSV knows no quoting: a quotation mark is a character like any other. CSV quotes as RFC 4180 says.
 */
import Papa from "papaparse";
import { FormatError } from "../errors.js";
import {
  abortSignal,
  aFunction,
  anObject,
  checkOptions,
  counted,
  either,
  listOf,
  nameText,
  type OptionChecks,
  orNull,
  text,
  wholeNumber,
} from "../options/index.js";
import { gunzip, isGzip } from "./gunzip.js";
import { utf8Text } from "./utf8-text.js";

/** The columns to read: header names, or positions from 0; columns that are not given are found by the header. */
export interface ReviewColumns {
  readonly text?: string | number | undefined;
  readonly label?: string | number | undefined;
}

/** Options of `loadReviews`. */
export interface ReviewOptions {
  /** Columns to read; by default found by the header. Two positions mean that there is no header. */
  columns?: ReviewColumns | undefined;
  /** A table or folder to test on, read as the other is; it takes the place of a test part that the path has. */
  test?: string | undefined;
  /** The classes and the labels that belong to each, `{ negative: ["-2", "-1"], … }`; texts with other labels are left out. */
  classes?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * The classes, such as those of a model that is evaluated. Labels are found among them in any spelling: exactly, as the same
   * number, whatever their capitals, as 0/1, neg/pos and negative/positive. Without it the training texts' labels are the classes.
   */
  classNames?: readonly string[] | undefined;
  /** Called as files are read: how many of how many. */
  onProgress?: ((progress: { files: number; total: number }) => void) | undefined;
  /** Stops loading. */
  signal?: AbortSignal | undefined;
}

const columnPlace = either(wholeNumber(0), nameText);
const reviewColumns: OptionChecks<ReviewColumns> = { text: columnPlace, label: columnPlace };

/** Checks of `ReviewOptions`. */
export const reviewOptions: OptionChecks<ReviewOptions> = {
  columns: (value) => {
    checkOptions("columns", value as ReviewColumns, reviewColumns);
    return undefined;
  },
  test: text,
  classes: anObject,
  classNames: listOf("texts", text),
  onProgress: aFunction,
  signal: orNull(abortSignal),
};

/** Location of a label. */
export interface LabelPlaces {
  /** The file, or the folder of a class. */
  readonly source: string;
  /** The first rows with it; empty where a class is a folder. */
  readonly rows: number[];
  /** Number of texts with it. */
  count: number;
}

/** Texts with labels as the file spells them. */
export interface RawReviews {
  texts: string[];
  labels: string[];
  /** Location of each label, for messages. */
  places: Map<string, LabelPlaces>;
  source: string;
}

/** Most bytes a table may unpack to: what JavaScript can hold as one string. */
export const MOST_TABLE_BYTES = 500 * 2 ** 20;

const MOST_ROWS_NAMED = 5;
const TEXT_NAMES = ["text", "review", "sentence", "content"];
const LABEL_NAMES = ["label", "sentiment", "class", "category"];

/**
 * Reads one table. HTML line breaks (`<br />`) in the texts become spaces.
 *
 * @param bytes the whole file
 * @param name its name; ".tsv" or ".csv" (also with ".gz") decides how it is read, else a tab in the first row
 * @throws FormatError naming the file and the row
 */
export function readReviewTable(bytes: Uint8Array, name: string, columns?: ReviewColumns): RawReviews {
  const content = isGzip(bytes) ? gunzip(bytes, name, MOST_TABLE_BYTES) : bytes;
  const text = textOf(content, name);
  const firstEnd = text.indexOf("\n");
  const tabs = /\.tsv(\.gz)?$/i.test(name) || (!/\.csv(\.gz)?$/i.test(name) && text.slice(0, firstEnd).includes("\t"));
  const delimiter = tabs ? "\t" : delimiterOf(firstEnd < 0 ? text : text.slice(0, firstEnd));
  const rows = tabs ? tsvRows(text) : csvRows(text, name, delimiter);
  const header = rows.next();
  if (header.done) throw new FormatError(`${name}: is empty; expected a header row with a label and a text column.`);
  const width = header.value.length;
  const picked = pickColumns(header.value, name, columns);
  const raw: RawReviews = { texts: [], labels: [], places: new Map(), source: name };
  const add = (cells: string[], row: number) => {
    if (cells.length !== width) {
      throw new FormatError(
        `${name}, row ${row}: has ${counted(cells.length, "column")}, but the first row has ${width}. ` +
          `${tabs ? "A text must not hold a tab or a line break." : `Quote a text that holds ${JSON.stringify(delimiter)} or a line break.`}`,
      );
    }
    const label = cells[picked.label]!.trim();
    if (label === "") throw new FormatError(`${name}, row ${row}: the label is empty; give every text a label.`);
    notePlace(raw.places, label, name, row);
    raw.labels.push(label);
    raw.texts.push(withoutBreaks(cells[picked.text]!));
  };
  let row = 1;
  if (!picked.header) add(header.value, row);
  for (const cells of rows) {
    row++;
    if (cells.length > 1 || cells[0] !== "") add(cells, row);
  }
  if (raw.texts.length === 0) throw new FormatError(`${name}: has a header but no rows; expected labelled texts.`);
  return raw;
}

function notePlace(places: RawReviews["places"], label: string, source: string, row: number): void {
  const place = places.get(label) ?? { source, rows: [], count: 0 };
  if (place.rows.length < MOST_ROWS_NAMED) place.rows.push(row);
  place.count++;
  places.set(label, place);
}

/** The text of a file, checked to be UTF-8 text. */
export function textOf(bytes: Uint8Array, name: string): string {
  if (bytes.length === 0) throw new FormatError(`${name}: is empty; expected labelled texts.`);
  if (bytes.length > MOST_TABLE_BYTES) {
    throw new FormatError(`${name}: is larger than ${MOST_TABLE_BYTES} bytes; split the file.`);
  }
  return utf8Text(bytes, name);
}

/** A review without HTML line breaks, which would otherwise become the words "br". */
export function withoutBreaks(text: string): string {
  return text.includes("<") ? text.replace(/<br\s{0,9}\/?>/gi, " ") : text;
}

function* tsvRows(text: string): Generator<string[], undefined> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, text[stop - 1] === "\r" ? stop - 1 : stop).split("\t");
    start = stop + 1;
  }
}

/** The character between the cells of a CSV: a comma, or what stands in a first row without one. */
function delimiterOf(first: string): string {
  return [",", ";", "|"].find((delimiter) => first.includes(delimiter)) ?? ",";
}

function* csvRows(text: string, name: string, delimiter: string): Generator<string[], undefined> {
  const unified = text.includes("\r") ? text.replace(/\r\n/g, "\n") : text;
  const { data, errors } = Papa.parse<string[]>(unified, { delimiter, newline: "\n", quoteChar: '"' });
  const [error] = errors;
  if (error !== undefined) {
    throw new FormatError(
      `${name}, row ${(error.row ?? 0) + 1}: the quoting is broken (${error.message}). ` +
        'Put a text between quotation marks and double those inside it: "so ""good""".',
    );
  }
  yield* data;
}

function pickColumns(first: string[], name: string, columns: ReviewColumns | undefined) {
  const names = first.map((cell) => cell.trim().toLowerCase());
  const find = (wanted: string | number | undefined, usual: readonly string[], role: string): number => {
    const at =
      typeof wanted === "number"
        ? Number.isInteger(wanted) && wanted >= 0 && wanted < first.length
          ? wanted
          : -1
        : wanted !== undefined
          ? names.indexOf(wanted.trim().toLowerCase())
          : names.findIndex((cell) => usual.includes(cell));
    if (at >= 0) return at;
    const shown = names.map((cell) => JSON.stringify(cell.slice(0, 30))).slice(0, 12);
    throw new FormatError(
      `${name}, row 1: has no ${role} column${wanted === undefined ? "" : ` ${JSON.stringify(wanted)}`} among ${shown.join(", ")}. ` +
        `Expected a header with ${usual.join(" or ")}, or name it: columns: { ${role}: … }, on the command line --${role}-column.`,
    );
  };
  const picked = { label: find(columns?.label, LABEL_NAMES, "label"), text: find(columns?.text, TEXT_NAMES, "text") };
  return { ...picked, header: typeof columns?.text !== "number" || typeof columns?.label !== "number" };
}
