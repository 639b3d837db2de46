/**
 * Pretrained word vectors in the text form of GloVe (Pennington, Socher & Manning 2014), word2vec (Mikolov et al. 2013) and
 * fastText: a row per word, with or without a first row that says how many. Rows come in chunks and only the wanted ones
 * are kept, so that a file of gigabytes costs what its wanted rows cost.
 */

import { FormatError } from "../errors.js";
import { checkOptions, counted, expecting, type OptionChecks, text } from "../options/index.js";
import { detached } from "./detached.js";
import type { TextSource } from "./text-codec.js";
import { textsOf } from "./text-source.js";

/** Options of {@link readWordVectors}. */
export interface WordVectorOptions {
  /** Words to keep; default: all. Rows whose word, up to its first space, is not wanted are not looked at. */
  readonly wanted?: ReadonlySet<string> | ((word: string) => boolean) | undefined;
  /** The file's name, for messages. */
  readonly name?: string | undefined;
}

const wordVectorOptions: OptionChecks<WordVectorOptions> = {
  wanted: expecting("a Set of words or a function", (value) => value instanceof Set || typeof value === "function"),
  name: text,
};

/** Words and their vectors. */
export interface WordVectors {
  /** In the order of the file; of a word that comes twice the first counts. */
  readonly words: string[];
  readonly dimension: number;
  /** `[words, dimension]` */
  readonly vectors: Float32Array;
}

/**
 * The vectors of wanted words.
 *
 * @param chunks the text of the file, or its chunks
 * @throws FormatError naming the file and the row that is ragged or holds no number
 * @example
 * const { words, dimension, vectors } = await readWordVectors("the 0.1 0.2\ncat 0.3 0.4\n");
 */
export async function readWordVectors(chunks: TextSource, options: WordVectorOptions = {}): Promise<WordVectors> {
  checkOptions("readWordVectors", options, wordVectorOptions);
  const rows = new Rows(options);
  let rest = "";
  for await (const chunk of textsOf("readWordVectors: text", chunks)) {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      rows.add(rest + chunk.slice(start, end));
      rest = "";
      start = end + 1;
    }
    rest += chunk.slice(start);
  }
  if (rest !== "") rows.add(rest);
  return rows.result();
}

class Rows {
  readonly #name: string;
  readonly #wanted: (word: string) => boolean;
  readonly #seen = new Set<string>();
  #row = 0;
  #dimension: number | undefined;
  /** Rows that the first row promises. */
  #promised = 0;
  #vectors = new Float32Array(0);

  constructor({ wanted = () => true, name = "word vectors" }: WordVectorOptions) {
    this.#name = name;
    this.#wanted = typeof wanted === "function" ? wanted : (word) => wanted.has(word);
  }

  add(line: string): void {
    this.#row++;
    const row = line.replace(/(?<![ \t\r])[ \t\r]+$/, "");
    if (this.#row === 1 && this.#isHeader(row)) return;
    if (row === "") throw this.#problem("is empty");
    const first = row.slice(0, row.search(/[ \t]|$/));
    if (this.#dimension !== undefined && !this.#wanted(first)) return;
    const cells = row.split(/[ \t]/);
    const isFirst = this.#dimension === undefined;
    this.#dimension ??= cells.length - 1;
    const word = this.#wordOf(cells, this.#dimension);
    if (isFirst) for (const cell of cells.slice(1)) this.#checkNumber(cell);
    if (!this.#wanted(word) || this.#seen.has(word)) return;
    this.#keep(cells.slice(cells.length - this.#dimension));
    this.#seen.add(detached(word));
  }

  result(): WordVectors {
    const rows = this.#row - (this.#promised > 0 ? 1 : 0);
    if (this.#dimension === undefined || rows === 0) {
      throw new FormatError(`${this.#name}: is empty; expected a row of a word and its numbers for each word.`);
    }
    if (rows < this.#promised) {
      throw new FormatError(
        `${this.#name}: its first row promises ${counted(this.#promised, "word")}, but it has ${rows}. It is truncated; get it again.`,
      );
    }
    const words = [...this.#seen];
    return { words, dimension: this.#dimension, vectors: this.#vectors.slice(0, words.length * this.#dimension) };
  }

  #isHeader(row: string): boolean {
    if (!/^[1-9]\d* [1-9]\d*$/.test(row)) return false;
    const [count, dimension] = row.split(" ").map(Number);
    this.#promised = count!;
    this.#dimension = dimension!;
    return true;
  }

  /** GloVe's largest file has words with spaces in them, such as ". . .". */
  #wordOf(cells: readonly string[], dimension: number): string {
    const parts = cells.slice(0, Math.max(1, cells.length - dimension));
    if (dimension > 0 && cells.length > dimension && !parts.slice(1).some(isNumber)) return parts.join(" ");
    throw this.#problem(
      `has ${counted(cells.length - 1, "number")}, expected ${dimension > 0 ? `${dimension} as in the rows before` : "some after the word"}`,
    );
  }

  #keep(cells: readonly string[]): void {
    const start = this.#seen.size * cells.length;
    if (start + cells.length > this.#vectors.length) {
      const larger = new Float32Array(Math.max(2 * this.#vectors.length, 256 * cells.length));
      larger.set(this.#vectors);
      this.#vectors = larger;
    }
    for (const [i, cell] of cells.entries()) {
      this.#checkNumber(cell);
      this.#vectors[start + i] = Number(cell);
    }
  }

  #checkNumber(cell: string): void {
    if (!isNumber(cell)) throw this.#problem(`holds ${JSON.stringify(cell.slice(0, 20))} where a number is expected`);
  }

  #problem(what: string): FormatError {
    return new FormatError(
      `${this.#name}, row ${this.#row}: ${what}. A row is a word and its numbers with a space between them; get the file again.`,
    );
  }
}

function isNumber(cell: string): boolean {
  return cell !== "" && Number.isFinite(Number(cell));
}
