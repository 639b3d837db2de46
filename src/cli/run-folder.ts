/**
 * Record of a training: a folder of its own below `--runs`, with a log for `tavali runs` and an event file for TensorBoard. A
 * training that is resumed continues in the folder it began in.
 */
import fs from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { ConfigError } from "../errors.js";
import { fileSink } from "../formats/file-sink-node.js";
import { checkSchema, fileName } from "../schema/index.js";
import { type Callback, type LogSink, logLine, runLog, type TrainingState, tensorBoard } from "../training/index.js";
import type { Terminal } from "./terminal.js";
import { lockFolder } from "./training-locks.js";
import { fact } from "./training-view.js";

/** Options as commander parsed them. */
export interface RunFlags {
  /** The folder of all runs. */
  runs: string;
  /** False where `--no-log` was given. */
  log: boolean;
}

/** The record of one training. */
export interface RunRecord {
  readonly callbacks: readonly Callback[];
  /** Adds how it ended; the history is in the log already. */
  finish(result: { readonly history: unknown }): Promise<void>;
  /** Lets another process continue the folder. */
  release(): void;
}

/** The log's name in a run's folder. */
export const logName = "run.jsonl";
export const defaultRuns = "runs";
const nameOfId = "runId";

/** Adds the flags to a command. */
export function addRunFlags(command: Command): Command {
  return command
    .option("--runs <folder>", "where the record of the training goes, for `tavali runs` and TensorBoard", defaultRuns)
    .option("--no-log", "leave no record");
}

/**
 * Begins a record, or continues the one that a checkpoint names.
 *
 * @param task its name begins the run's; its facts are what the record says about the training besides its numbers
 * @throws ConfigError when the folder cannot be made, or another training continues in it
 */
export function recordRun(
  terminal: Terminal,
  { runs, log }: RunFlags,
  { name: task, facts }: { readonly name: string; readonly facts: Readonly<Record<string, unknown>> },
  resume?: TrainingState,
): RunRecord {
  if (!log) return { callbacks: [], finish: async () => {}, release: () => {} };
  const before = resume?.callbacks.find(({ name }) => name === nameOfId)?.state;
  const name = before === undefined ? `${task}-${timeStamp(new Date())}` : nameFromCheckpoint(before);
  const id = makeFolder(runs, name, before !== undefined);
  const folder = path.join(runs, id);
  const lock = lockFolder(folder, "give another --runs, or --no-log");
  const sink = (name: string) => expendable(terminal, fileSink(path.join(folder, name)));
  const lines = sink(logName);
  return {
    callbacks: [
      runLog(lines, { facts: { task, ...facts } }),
      tensorBoard(sink("events.out.tfevents.tavali")),
      { name: nameOfId, observes: true, state: () => id },
    ],
    finish: async ({ history: _, ...result }) => lines.write(logLine("result", result, new Date())),
    release: () => lock.release(),
  };
}

/** The name of a run that a checkpoint continues. It comes from a file, so it must stay within the folder of all runs. */
function nameFromCheckpoint(name: unknown): string {
  const advice = "Train from the beginning, or give --no-log.";
  checkSchema(name, fileName, { name: "The checkpoint", what: "the name of its run", advice });
  return name as string;
}

/** A log whose failures cost a training nothing but the log: they are told once, and nothing more is written. */
function expendable(terminal: Terminal, sink: LogSink): LogSink {
  let lost = false;
  const attempt = async (work: () => void | Promise<void>) => {
    if (lost) return;
    try {
      await work();
    } catch (error) {
      lost = true;
      fact(
        terminal,
        "record",
        `${(error as Error).message} The training goes on, and this part of its record ends here.`,
      );
    }
  };
  return { write: (chunk) => attempt(() => sink.write(chunk)), rewind: (length) => attempt(() => sink.rewind(length)) };
}

/**
 * Makes the folder of a run, a new one unless the run continues: a name that is taken gets a number.
 *
 * @returns the name
 */
function makeFolder(runs: string, name: string, goesOn: boolean): string {
  let free = name;
  try {
    fs.mkdirSync(goesOn ? path.join(runs, name) : runs, { recursive: true });
    for (let i = 2; !goesOn && !makeNew(path.join(runs, free)); i++) free = `${name}-${i}`;
    return free;
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? String(cause);
    throw new ConfigError(
      `${path.join(runs, free)} cannot be made (${code}); name another folder by --runs, or give --no-log.`,
      { cause },
    );
  }
}

/** @returns false where there is something of that name; two processes never both make it */
function makeNew(folder: string): boolean {
  try {
    fs.mkdirSync(folder);
    return true;
  } catch (cause) {
    if ((cause as { code?: string }).code === "EEXIST") return false;
    throw cause;
  }
}

/** "20261124-143052" in local time. */
function timeStamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}
