/** Reads the records of past trainings. */
import fs from "node:fs";
import path from "node:path";
import { ConfigError } from "../errors.js";
import { finite, oneOf } from "../options/index.js";
import {
  anyNumber,
  anything,
  either,
  fields,
  is,
  isRecord,
  nullable,
  parseJson,
  record,
  text,
} from "../schema/index.js";
import { logName } from "./run-folder.js";

/** A past training, or one under way. */
export interface PastRun {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
  /** Numbers of each finished epoch, by name; `epoch` counts from 0. */
  readonly epochs: readonly Readonly<Record<string, number>>[];
  /** Facts of the first line: task, options, data. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Direction in which each number gets better, if the training knew it. */
  readonly better: Readonly<Record<string, unknown>>;
  /** Results at the end of the training. */
  readonly result: Readonly<Record<string, unknown>>;
  /** "cut short" ended by an error or a signal, "unfinished" is killed, or still running. */
  readonly outcome: "done" | "stopped early" | "interrupted" | "cut short" | "unfinished";
  /** Of training, all epochs together. */
  readonly seconds: number;
}

type Line = Readonly<Record<string, unknown>>;

/** The longest log that is read: it would be one of millions of epochs. */
const mostBytes = 2 ** 27;

const values = nullable(record(anything, { most: 10_000 }));
const start = fields({
  event: is(oneOf("start")),
  time: text({ most: 100 }),
  epochs: nullable(is(finite)),
  task: nullable(text({ most: 1000 })),
  options: values,
  better: values,
});
/** "NaN" and "Infinity" are written as text. */
const numbers = record(either("a number", anyNumber, text({ most: 100 })), { most: 10_000 });

/** All runs below a folder, the oldest first. @throws ConfigError when there is no such folder, or it cannot be read */
export function readRuns(folder: string): PastRun[] {
  const ids = namesIn(folder).filter((id) => {
    const log = fs.statSync(path.join(folder, id, logName), { throwIfNoEntry: false });
    return log?.isFile() === true && log.size <= mostBytes;
  });
  const runs = ids.flatMap((id) => readRun(id, readLog(path.join(folder, id, logName))) ?? []);
  return runs.sort((a, b) => (a.started < b.started ? -1 : 1));
}

function namesIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? String(cause);
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read as a folder (${code})`;
    throw new ConfigError(`${folder} ${reason}; trainings leave their records there, or where --runs says.`, { cause });
  }
}

function readLog(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? String(cause);
    throw new ConfigError(`${file} cannot be read (${code}); change its permissions, or remove its folder.`, { cause });
  }
}

/**
 * The run of a name, of the only name that begins so, or, for "last", the newest.
 *
 * @throws ConfigError naming those there are
 */
export function findRun(runs: readonly PastRun[], wanted: string): PastRun {
  if (wanted === "last" && runs.length > 0) return runs.at(-1)!;
  const exact = runs.find(({ id }) => id === wanted);
  const begin = runs.filter(({ id }) => id.startsWith(wanted));
  if (exact || begin.length === 1) return exact ?? begin[0]!;
  const names = (begin.length > 0 ? begin : runs).map(({ id }) => id).join(", ") || "none";
  throw new ConfigError(`There is ${begin.length > 1 ? "more than one" : "no"} run "${wanted}"; there are ${names}.`);
}

/** Undefined for a file that does not begin as a log does. */
function readRun(id: string, text: string): PastRun | undefined {
  const lines = text.split("\n").flatMap(parseLine);
  const [first] = lines;
  if (first === undefined || start(first)) return undefined;
  const { event: _, time, better: known, ...begun } = first;
  const resumed = lines.findLast((line) => line.event === "resume" && typeof line.epochs === "number");
  const facts = resumed ? withEpochs(begun, resumed.epochs as number) : begun;
  const better = (known ?? {}) as PastRun["better"];
  const epochs = lines.filter((line) => line.event === "epoch" && !numbers(line)).map(numbersOf);
  const end = lines.find(({ event }) => event === "end");
  const { event: __, time: ___, ...result } = lines.find(({ event }) => event === "result") ?? {};
  let outcome: PastRun["outcome"] = "done";
  if (!end) outcome = "unfinished";
  else if (result.interrupted === true) outcome = "interrupted";
  else if (end.stopped === true) outcome = "stopped early";
  else if (epochs.length < Number(facts.epochs)) outcome = "cut short";
  // A clock that was set back while an older version measured by it.
  const seconds = epochs.reduce((sum, epoch) => sum + Math.max(0, epoch.seconds ?? 0), 0);
  return { id, started: String(time), epochs, facts, better, result, outcome, seconds };
}

/** The facts of a run that was resumed with another number of epochs. */
function withEpochs(facts: PastRun["facts"], epochs: number): PastRun["facts"] {
  const { options } = facts;
  return { ...facts, epochs, ...(isRecord(options) && "epochs" in options ? { options: { ...options, epochs } } : {}) };
}

/** An object; nothing for any other line: a process that was killed may leave half of one. */
function parseLine(line: string): Line[] {
  if (line === "") return [];
  try {
    const value = parseJson(line, { name: logName, what: "a line", advice: "" });
    return isRecord(value) ? [value] : [];
  } catch {
    return [];
  }
}

/** Numbers; "NaN" and "Infinity" are written as text. */
function numbersOf({ event: _, time: __, ...values }: Line): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
}
