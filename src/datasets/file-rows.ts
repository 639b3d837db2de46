/** Rows of files as passes of a dataset: one chunk of a file is in memory at a time, and a row becomes an item when it is asked for. */
import type { DatasetSource, Next, Pull } from "../data/index.js";
import { END } from "../data/index.js";
import { FormatError } from "../errors.js";
import { checkFiles, type FileSource, fileChunks, nameOfFile, shortName } from "./file-source.js";

/** Reader of the rows of one file. */
export interface RowReader<Row, Item> {
  /** The rows that end in the text so far. @param last whether the file ends with this text */
  push(text: string, last: boolean): readonly Row[];
  /** Number of the first row that `push` gives, from 1: 2 after a header. */
  readonly first: number;
  /** Whether a row holds nothing and is passed over. */
  isBlank(row: Row): boolean;
  /** @param place the row in words, for errors */
  item(row: Row, place: () => string): Item;
}

/** Characters of a row at most. More are no row, but a file of another kind or a quotation mark that is not closed. */
export const MOST_ROW = 2 ** 24;

/** Rows of later files are numbered from here on. */
const FILE = 2 ** 40;

/** The source of the rows of files, one file after another. @param words describes the rows: "lines" */
export function fileRows<Row, Item>(
  files: readonly FileSource[],
  words: string,
  readerOf: (name: string) => RowReader<Row, Item>,
): DatasetSource<Item> {
  return {
    size: undefined,
    describe: () => `${words} of ${files.map(shortName).join(", ")}`,
    open: () => new RowPull(files, readerOf),
  };
}

class RowPull<Row, Item> implements Pull<Item> {
  readonly #files: readonly FileSource[];
  readonly #readerOf: (name: string) => RowReader<Row, Item>;
  #file = -1;
  #chunks: AsyncGenerator<string> | undefined;
  #reader!: RowReader<Row, Item>;
  #rows: readonly Row[] = [];
  /** Number of the next row in `#rows`. */
  #at = 0;
  /** Number of the last row in its file. */
  #row = 0;

  constructor(files: readonly FileSource[], readerOf: (name: string) => RowReader<Row, Item>) {
    this.#files = files;
    this.#readerOf = readerOf;
  }

  readonly origin = {
    row: () => this.#file * FILE + this.#row,
    words: (row: number) => `${nameOfFile(this.#files[Math.floor(row / FILE)]!)}, row ${row % FILE}`,
  };

  next(): Next<Item> | Promise<Next<Item>> {
    if (!this.#advance()) return this.#refill().then((more) => (more ? this.next() : END));
    const row = this.#rows[this.#at - 1]!;
    return this.#reader.item(row, () => this.origin.words(this.origin.row()));
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      if (this.#advance()) left--;
      else if (!(await this.#refill())) return;
    }
  }

  async close(): Promise<void> {
    this.#rows = [];
    this.#file = this.#files.length;
    await this.#chunks?.return(undefined);
    this.#chunks = undefined;
  }

  /** Passes over blank rows. @returns false if no row is left in memory */
  #advance(): boolean {
    while (this.#at < this.#rows.length) {
      this.#row++;
      if (!this.#reader.isBlank(this.#rows[this.#at++]!)) return true;
    }
    return false;
  }

  /** Reads the next rows into memory. @returns false at the end of the last file */
  async #refill(): Promise<boolean> {
    for (;;) {
      if (!this.#chunks && !(await this.#openNext())) return false;
      const { done, value } = await this.#chunks!.next();
      this.#rows = this.#reader.push(done ? "" : value, done === true);
      this.#at = 0;
      if (done) this.#chunks = undefined;
      if (this.#rows.length > 0) return true;
    }
  }

  async #openNext(): Promise<boolean> {
    if (this.#file === -1) await checkFiles(this.#files);
    if (this.#file + 1 >= this.#files.length) return false;
    const file = this.#files[++this.#file]!;
    this.#reader = this.#readerOf(nameOfFile(file));
    this.#row = this.#reader.first - 1;
    this.#chunks = fileChunks(file);
    return true;
  }
}

/** Cuts text into lines. A line break ends a line: after the last one there is none. */
export class LineCutter {
  readonly #name: string;
  #rest = "";
  #lines = 0;

  constructor(name: string) {
    this.#name = name;
  }

  push(text: string, last: boolean): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    this.#lines += lines.length;
    if (this.#rest.length > MOST_ROW) throw tooLong(this.#name, this.#lines + 1);
    if (last && this.#rest !== "") lines.push(this.#rest);
    return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  }
}

/** The error for a row without an end. */
export function tooLong(name: string, row: number): FormatError {
  return new FormatError(
    `${name}, row ${row}: is longer than ${MOST_ROW} characters. Expected rows that end with a line break, and closed quotation marks.`,
  );
}
