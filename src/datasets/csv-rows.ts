/** Rows of CSV and TSV text that comes in chunks. CSV quotes as RFC 4180 says; in TSV a quotation mark is a character like any other. */
import Papa from "papaparse";
import { FormatError } from "../errors.js";
import { counted } from "../options/index.js";
import { LineCutter, MOST_ROW, type RowReader, tooLong } from "./file-rows.js";

/** Cells by the names of their columns. */
export type CsvRow = Readonly<Record<string, string>>;

/** Characters that show the delimiter of a table. */
const ENOUGH = 2 ** 14;

/** Reads the rows of a table. The first row names the columns, unless names are given. */
export class CsvReader<Row> implements RowReader<readonly string[], Row> {
  readonly first: number;
  readonly #name: string;
  readonly #made: (cells: readonly string[], columns: readonly string[]) => Row;
  #delimiter: string | undefined;
  #columns: readonly string[] | undefined;
  #rows: { push(text: string, last: boolean): readonly (readonly string[])[] } | undefined;
  /** The beginning of the table, until there is enough of it to see the delimiter. */
  #head = "";

  constructor(
    name: string,
    format: { readonly delimiter?: string | undefined; readonly columns?: readonly string[] | undefined },
    made: (cells: readonly string[], columns: readonly string[]) => Row,
  ) {
    const { delimiter, columns } = format;
    this.#name = name;
    this.#made = made;
    this.#delimiter = delimiter ?? (/\.tsv(\.gz)?$/i.test(name) ? "\t" : undefined);
    this.#columns = columns;
    this.first = columns ? 1 : 2;
  }

  push(text: string, last: boolean): readonly (readonly string[])[] {
    this.#head += text;
    if (!this.#rows && !last && this.#head.length < ENOUGH) return [];
    if (!this.#rows && !this.#head.includes("\n") && /\r(?!$)/.test(this.#head)) {
      throw new FormatError(
        `${this.#name}, row 1: rows end with carriage returns alone. Save the file with the line breaks of Unix or Windows.`,
      );
    }
    this.#delimiter ??= guessDelimiter(this.#head);
    this.#rows ??= this.#delimiter === "\t" ? new TabCutter(this.#name) : new CsvCutter(this.#name, this.#delimiter);
    const rows = this.#rows.push(this.#head, last);
    this.#head = "";
    const [header] = rows;
    if (this.#columns || !header) return rows;
    this.#columns = columnsOf(header, this.#name);
    return rows.slice(1);
  }

  isBlank(row: readonly string[]): boolean {
    return row.length === 1 && row[0]!.trim() === "";
  }

  item(row: readonly string[], place: () => string): Row {
    const columns = this.#columns!;
    if (row.length !== columns.length) {
      const names = columns.map((name) => JSON.stringify(name)).join(", ");
      throw new FormatError(
        `${place()}: has ${counted(row.length, "cell")} for the ${counted(columns.length, "column")} ${names}. ` +
          `Put a cell that holds ${JSON.stringify(this.#delimiter)} or a line break between quotation marks.`,
      );
    }
    return this.#made(row, columns);
  }
}

/** Cells by the names of their columns. */
export function recordOf(cells: readonly string[], columns: readonly string[]): CsvRow {
  const record: Record<string, string> = {};
  for (let i = 0; i < columns.length; i++) record[columns[i]!] = cells[i]!;
  return record;
}

function columnsOf(header: readonly string[], name: string): readonly string[] {
  const columns = header.map((cell) => cell.trim());
  checkColumns(`${name}, row 1`, columns);
  return columns;
}

/** @param place begins the message @throws FormatError for a name that two columns have, and one that no record can have */
export function checkColumns(place: string, columns: readonly string[]): void {
  const other = columns.find((column, i) => column === "__proto__" || columns.indexOf(column) < i);
  if (other === undefined) return;
  const wrong = other === "__proto__" ? "no column can have the name" : "two columns have the name";
  throw new FormatError(
    `${place}: ${wrong} ${JSON.stringify(other)}. Give each its own, or the names of all: columns: […].`,
  );
}

/** The character between cells, by the first rows of a table. */
function guessDelimiter(text: string): string {
  const { meta } = Papa.parse(text.slice(0, 4 * ENOUGH), { preview: 20, skipEmptyLines: "greedy" });
  return meta.delimiter;
}

class TabCutter {
  readonly #lines: LineCutter;

  constructor(name: string) {
    this.#lines = new LineCutter(name);
  }

  push(text: string, last: boolean): string[][] {
    return this.#lines.push(text, last).map((line) => line.split("\t"));
  }
}

class CsvCutter {
  readonly #name: string;
  readonly #delimiter: string;
  #rest = "";
  #count = 0;

  constructor(name: string, delimiter: string) {
    this.#name = name;
    this.#delimiter = delimiter;
  }

  push(text: string, last: boolean): string[][] {
    let given = this.#rest + text;
    // The second half of a line break may be in the next chunk.
    const held = !last && given.endsWith("\r") ? "\r" : "";
    given = given.slice(0, given.length - held.length);
    const unified = given.includes("\r") ? given.replace(/\r\n/g, "\n") : given;
    const parser = new Papa.Parser({ delimiter: this.#delimiter, newline: "\n", quoteChar: '"' });
    const { data, errors, meta } = parser.parse(unified, 0, !last) as Papa.ParseResult<string[]>;
    const [error] = errors;
    // Of a row that has not ended nothing is known yet.
    if (error && (last || (error.row ?? 0) < data.length)) throw this.#badQuotes(error);
    this.#rest = last ? "" : unified.slice(meta.cursor) + held;
    if (this.#rest.length > MOST_ROW) throw tooLong(this.#name, this.#count + data.length + 1);
    this.#count += data.length;
    return last && data.at(-1)?.length === 1 && data.at(-1)![0] === "" ? data.slice(0, -1) : data;
  }

  #badQuotes(error: Papa.ParseError): FormatError {
    return new FormatError(
      `${this.#name}, row ${this.#count + (error.row ?? 0) + 1}: the quoting is broken (${error.message}). ` +
        'Put a text between quotation marks and double those inside it: "so ""good""".',
    );
  }
}
