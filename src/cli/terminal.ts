/**
 * Where a command's words go. For people: text on standard output. With --json: standard output holds one JSON object, as its last
 * line, and all text goes to standard error. A progress line is drawn over itself on a terminal, and left out elsewhere.
 */
import { stripVTControlCharacters, styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** The most columns that text is laid out in: longer lines are hard to read. */
const widest = 100;
/** A progress line is drawn at most once in so many milliseconds: more often nobody could read it. */
const drawingPause = 50;

export class Terminal {
  readonly json: boolean;
  readonly #text: NodeJS.WriteStream;
  #shown = false;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor({ json }: { json: boolean }) {
    this.json = json;
    this.#text = json ? process.stderr : process.stdout;
  }

  /** Columns to lay text out in, at least 40. */
  get width(): number {
    const columns = this.#text.columns || Number(process.env.COLUMNS) || 80;
    return Math.max(40, Math.min(widest, columns));
  }

  /** Lines for people. */
  say(text = ""): void {
    this.#erase();
    this.#text.write(`${text}\n`);
  }

  /** A part of a line for people. */
  write(text: string): void {
    this.#erase();
    this.#text.write(text);
  }

  /** Coloured where the text goes to a terminal that wants colours (NO_COLOR says no). */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#text });
  }

  /** Shows a line in place of the last such line, on a terminal only; other text takes its place. */
  progress(line: string): void {
    if (!process.stderr.isTTY || performance.now() - this.#drawn < drawingPause) return;
    this.#drawn = performance.now();
    const columns = (process.stderr.columns || 80) - 1;
    const fits = stripVTControlCharacters(line).length <= columns;
    process.stderr.write(`\r\x1b[2K${fits ? line : stripVTControlCharacters(line).slice(0, columns)}`);
    this.#shown = true;
  }

  /** Ends a command: the JSON object where it was asked for. */
  result(value: object): void {
    this.#erase();
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  #erase(): void {
    if (!this.#shown) return;
    process.stderr.write("\r\x1b[2K");
    this.#shown = false;
  }
}
