/** Datasets of files that need not fit in memory: lines of text, tables, JSON lines. Memory holds a chunk of 256 kB at a time. */
import { Dataset } from "../data/index.js";
import { FormatError } from "../errors.js";
import { checkOptions, expecting, flag, listOf, nameText, type OptionChecks } from "../options/index.js";
import { CsvReader, type CsvRow, checkColumns, recordOf } from "./csv-rows.js";
import { fileRows, LineCutter } from "./file-rows.js";
import { type FileSource, fileSources } from "./file-source.js";

/** Options of {@link csvDataset}. */
export interface CsvDatasetOptions {
  /** The character between cells. Default: a tab in a .tsv file, otherwise the one that the first rows show. */
  readonly delimiter?: string | undefined;
  /** Names of the columns of files without a header. Default: the first row of each file has them. */
  readonly columns?: readonly string[] | undefined;
  /** Whether rows are records by column; false gives lists of their cells, which is faster for hundreds of columns. Default true. */
  readonly records?: boolean | undefined;
}

const csvOptions: OptionChecks<CsvDatasetOptions> = {
  delimiter: expecting(
    'a text between cells, such as ";", without quotation marks and line breaks',
    (value) => typeof value === "string" && /^[^"\r\n]+$/.test(value),
  ),
  columns: listOf("names", nameText),
  records: flag,
};

/**
 * The lines of text files, one file after another, without their line breaks.
 *
 * @param files UTF-8, plain or gzip: a path or paths (Node), or `File` or `Blob` objects
 * @throws FormatError while it is read, naming the file and row, for a file that is empty, binary, damaged or not UTF-8;
 *   ConfigError for a path that cannot be read
 * @example const data = textDataset("corpus.txt").map((line) => [codec.encode(line), codec.encode(line)] as const).padBatch(32);
 */
export function textDataset(files: FileSource | readonly FileSource[]): Dataset<string> {
  return new Dataset(
    fileRows(fileSources("textDataset", files), "lines", (name) => {
      const lines = new LineCutter(name);
      const push = (text: string, last: boolean) => lines.push(text, last);
      return { first: 1, push, isBlank: () => false, item: (line: string) => line };
    }),
  );
}

/**
 * The rows of CSV or TSV files as records of texts by column, one file after another. Blank rows are passed over, and a
 * Windows line break within a quoted cell becomes "\n".
 *
 * @param files UTF-8, plain or gzip: a path or paths (Node), or `File` or `Blob` objects
 * @throws FormatError while it is read, naming the file and row, for rows of another number of cells and broken quotes;
 *   ConfigError for a path that cannot be read
 * @example
 * const data = csvDataset("reviews.csv").map(({ text, label }) => [codec.encode(text!), Number(label)] as const);
 * await model.fit(data.shuffle(10_000).padBatch(32));
 */
export function csvDataset(
  files: FileSource | readonly FileSource[],
  options: CsvDatasetOptions & { readonly records: false },
): Dataset<readonly string[]>;
export function csvDataset(files: FileSource | readonly FileSource[], options?: CsvDatasetOptions): Dataset<CsvRow>;
export function csvDataset(
  files: FileSource | readonly FileSource[],
  options: CsvDatasetOptions = {},
): Dataset<CsvRow> | Dataset<readonly string[]> {
  const { records = true, ...format } = checkOptions<CsvDatasetOptions>("csvDataset", options, csvOptions);
  if (format.columns) checkColumns("csvDataset: columns", format.columns);
  const made = (records ? recordOf : (cells: readonly string[]) => cells) as typeof recordOf;
  return new Dataset(fileRows(fileSources("csvDataset", files), "rows", (name) => new CsvReader(name, format, made)));
}

/**
 * The values of JSON Lines files, one file after another: a JSON value on each line. Blank lines are passed over.
 *
 * @param files UTF-8, plain or gzip: a path or paths (Node), or `File` or `Blob` objects
 * @throws FormatError while it is read, naming the file and row that is not JSON; ConfigError for a path that cannot be read
 * @example const data = jsonLinesDataset<{ text: string; label: number }>("reviews.jsonl");
 */
export function jsonLinesDataset<Value = unknown>(files: FileSource | readonly FileSource[]): Dataset<Value> {
  return new Dataset(
    fileRows(fileSources("jsonLinesDataset", files), "JSON lines", (name) => {
      const lines = new LineCutter(name);
      const push = (text: string, last: boolean) => lines.push(text, last);
      return { first: 1, push, isBlank: (line: string) => line.trim() === "", item: parsed<Value> };
    }),
  );
}

function parsed<Value>(line: string, place: () => string): Value {
  try {
    return JSON.parse(line) as Value;
  } catch (cause) {
    throw new FormatError(
      `${place()}: is not JSON (${(cause as Error).message}). Expected one value on each line, such as {"text": "…", "label": 1}.`,
      { cause },
    );
  }
}
