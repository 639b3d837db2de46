/** Reads the records of past trainings. */
import fs from "node:fs";
import path from "node:path";
import { ConfigError } from "../errors.js";
import { logName } from "./run-folder.js";

/** A past training, or one under way. */
export interface PastRun {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
  /** Numbers of each finished epoch, by name; `epoch` counts from 0. */
  readonly epochs: readonly Readonly<Record<string, number>>[];
  /** What the first line says: task, options, data. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Which way each number gets better, where the training knew. */
  readonly better: Readonly<Record<string, unknown>>;
  /** What the training reported at its end. */
  readonly result: Readonly<Record<string, unknown>>;
  /** "cut short" ended by an error or a signal, "unfinished" is killed, or still running. */
  readonly outcome: "done" | "stopped early" | "interrupted" | "cut short" | "unfinished";
  /** Of training, all epochs together. */
  readonly seconds: number;
}

type Line = Readonly<Record<string, unknown>>;

/** All runs below a folder, the oldest first. @throws ConfigError when there is no such folder */
export function readRuns(folder: string): PastRun[] {
  if (!fs.existsSync(folder)) {
    throw new ConfigError(`${folder} does not exist; trainings leave their records there, or where --runs says.`);
  }
  const ids = fs.readdirSync(folder).filter((id) => fs.existsSync(path.join(folder, id, logName)));
  const runs = ids.flatMap((id) => readRun(id, fs.readFileSync(path.join(folder, id, logName), "utf8")) ?? []);
  return runs.sort((a, b) => (a.started < b.started ? -1 : 1));
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
  const [start] = lines;
  if (start?.event !== "start") return undefined;
  const { event: _, time, better: known, ...facts } = start;
  const better = typeof known === "object" && known !== null ? (known as PastRun["better"]) : {};
  const epochs = lines.filter(({ event }) => event === "epoch").map(numbersOf);
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

/** A process that was killed may leave half a line. */
function parseLine(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return [];
  }
}

/** Numbers; "NaN" and "Infinity" are written as text. */
function numbersOf({ event: _, time: __, ...values }: Line): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
}
