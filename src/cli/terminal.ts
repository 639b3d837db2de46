/**
 * Output of a command. For people: text on standard output. With --json: standard output holds one JSON object, as its last
 * line, and all text goes to standard error. A progress line is drawn over itself on a terminal, and left out elsewhere.
 */

import type { Command } from "commander";
import type { Line, TextView } from "../display/lines.js";
import { columnsOf, cut } from "../display/text-layout.js";
import { marked, type Style } from "../display/text-styles.js";
import { endWithOutput, type Output, outliveOutput, standardError, standardOutput } from "./output.js";

/** The most columns that text is laid out in: longer lines are hard to read. */
const widest = 100;
/** A progress line is drawn at most once in this number of milliseconds: more often nobody could read it. */
const drawingPause = 50;

/** Kind of output. */
export interface TerminalOptions {
  readonly json: boolean;
  /** Whether the command writes files, so that it continues when nobody can read what it prints; default false. */
  readonly writesFiles?: boolean;
}

/** Adds `--json` to a command. */
export function addJsonFlag(command: Command): Command {
  return command.option("--json", "end with one JSON object on standard output; all text goes to standard error");
}

export class Terminal {
  readonly json: boolean;
  readonly #text: Output;
  #shown = false;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor({ json, writesFiles = false }: TerminalOptions) {
    this.json = json;
    this.#text = json ? standardError : standardOutput;
    if (writesFiles) outliveOutput();
    else endWithOutput();
  }

  /** Columns to lay text out in, at least 40. */
  get width(): number {
    const columns = this.#text.columns || Number(process.env.COLUMNS) || 80;
    return Math.max(40, Math.min(widest, columns));
  }

  /** A line for people. */
  say(text = ""): void {
    this.#erase();
    this.#text.line(text);
  }

  /** Text for people that has line breaks of its own, or is a part of a line. */
  write(text: string): void {
    this.#erase();
    this.#text.text(text);
  }

  /** Lines of something that shows itself. */
  show({ lines }: { lines(view: TextView): readonly Line[] }, view: Partial<TextView> = {}): void {
    for (const line of lines({ width: this.width, ...view })) {
      if (typeof line === "string") this.say(line);
      else this.write(line.text);
    }
  }

  /** Coloured where the text goes to a terminal that wants colours (NO_COLOR says no). */
  style(style: Style, text: string): string {
    return marked(style, text);
  }

  /** Shows a line in place of the last such line, on a terminal only; other text takes its place. */
  progress(line: string): void {
    if (!standardError.isTTY || performance.now() - this.#drawn < drawingPause) return;
    this.#drawn = performance.now();
    const columns = (standardError.columns ?? 80) - 1;
    standardError.overwrite(columnsOf(line) <= columns ? line : cut(line, columns));
    this.#shown = true;
  }

  /** Ends a command: the JSON object where it was asked for. */
  result(value: object): void {
    this.#erase();
    if (this.json) standardOutput.json(value);
  }

  #erase(): void {
    if (!this.#shown) return;
    standardError.overwrite("");
    this.#shown = false;
  }
}
