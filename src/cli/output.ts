/**
 * Standard output and standard error: the only way to either. Whatever is written has its control characters shown as escapes, and a stream
 * that takes no more (its reader has gone, the disk is full) is a fact to deal with, never an exception.
 */
import { styleText } from "node:util";
import { withColors, withoutMarks } from "../display/text-styles.js";
import { visibleLine, visibleLines } from "../display/visible-text.js";

/** Parts of an output stream that writing needs. */
export type OutputStream = Pick<NodeJS.WriteStream, "write" | "on" | "isTTY" | "columns" | "errored">;

/** One stream. After its first failure nothing is written to it. */
export class Output {
  readonly #stream: () => OutputStream;
  #opened: { readonly stream: OutputStream; readonly colors: boolean } | undefined;
  #failure: NodeJS.ErrnoException | undefined;
  /** Called once, when the stream takes no more. */
  onFailure: (failure: NodeJS.ErrnoException) => void = () => {};

  constructor(stream: () => OutputStream) {
    this.#stream = stream;
  }

  /** Why nothing more can be written. */
  get failure(): NodeJS.ErrnoException | undefined {
    return this.#failure;
  }

  get isTTY(): boolean {
    return this.#open().stream.isTTY;
  }

  /** Columns of the terminal; undefined where there is none. */
  get columns(): number | undefined {
    return this.#open().stream.columns || undefined;
  }

  /** A line of a layout, in which nothing breaks the line. */
  line(text: string): void {
    this.#write(`${this.#colored(visibleLine(text))}\n`);
  }

  /** Text with line breaks of its own. */
  text(text: string): void {
    this.#write(this.#colored(visibleLines(text)));
  }

  /** One line of JSON. What JSON itself leaves as it is (DEL, C1, overrides of the direction) is within strings. */
  json(value: object): void {
    this.#write(`${visibleLine(JSON.stringify(value))}\n`);
  }

  /** Puts a line over the one that the cursor is in, without ending it. */
  overwrite(text: string): void {
    this.#write(`\r\u001b[2K${this.#colored(visibleLine(text))}`);
  }

  #colored(text: string): string {
    return this.#open().colors ? withColors(text) : withoutMarks(text);
  }

  #open() {
    if (this.#opened) return this.#opened;
    const stream = this.#stream();
    stream.on("error", (failure) => this.#fail(failure));
    // NO_COLOR, FORCE_COLOR and what the terminal can do.
    const colors = styleText("bold", "x", { stream: stream as NodeJS.WriteStream }) !== "x";
    this.#opened = { stream, colors };
    return this.#opened;
  }

  #write(text: string): void {
    const { stream } = this.#open();
    if (this.#failure) return;
    try {
      stream.write(text);
    } catch (failure) {
      this.#fail(failure as NodeJS.ErrnoException);
      return;
    }
    // Known at once, where the event would wait for the work under way.
    if (stream.errored) this.#fail(stream.errored);
  }

  #fail(failure: NodeJS.ErrnoException): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.onFailure(failure);
  }
}

export const standardOutput = new Output(() => process.stdout);
export const standardError = new Output(() => process.stderr);
let outlived = false;

/** Lets a closed or full standard output end the process: for commands that do nothing but print. */
export function endWithOutput(): void {
  outlived = false;
  standardOutput.onFailure = () => process.exit(reportLostOutput());
}

/** Lets the work continue when standard output is closed or full: for commands that write files. */
export function outliveOutput(): void {
  outlived = true;
  standardOutput.onFailure = () => {};
}

/**
 * Says that standard output could not be written, unless its reader just went: `head` has what it wanted.
 *
 * @returns the exit code, no better than the one there is
 */
export function reportLostOutput(): number | string {
  const { failure } = standardOutput;
  const code = process.exitCode ?? 0;
  if (failure === undefined || failure.code === "EPIPE") return code;
  const rest = outlived && code === 0 ? "; the command went on all the same, and its files are written" : "";
  standardError.line(`tavali: standard output could not be written (${failure.code ?? failure.message})${rest}.`);
  return code === 0 ? 1 : code;
}
