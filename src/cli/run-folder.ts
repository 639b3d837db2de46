/**
 * Where a training leaves its record: a folder of its own below `--runs`, with a log for `tavali runs` and an event file for TensorBoard. A
 * training that is resumed goes on in the folder it began in.
 */
import fs from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { ConfigError } from "../errors.js";
import { fileSink } from "../formats/file-sink-node.js";
import { checkSchema, fileName } from "../schema/index.js";
import { type Callback, logLine, runLog, type TrainingState, tensorBoard } from "../training/index.js";

/** What commander parsed. */
export interface RunFlags {
  /** The folder of all runs. */
  runs: string;
  /** False where `--no-log` was given. */
  log: boolean;
}

/** The record of one training. */
export interface RunRecord {
  readonly callbacks: readonly Callback[];
  /** Adds how it ended. */
  finish(result: object): void;
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
 * Begins a record, or goes on with the one that a checkpoint names.
 *
 * @param task begins the run's name
 * @param facts what the record says about the training beside its numbers
 * @throws ConfigError when the folder cannot be made
 */
export function recordRun(
  { runs, log }: RunFlags,
  task: string,
  facts: Readonly<Record<string, unknown>>,
  resume?: TrainingState,
): RunRecord {
  if (!log) return { callbacks: [], finish: () => {} };
  const before = resume?.callbacks.find(({ name }) => name === nameOfId)?.state;
  const id = before !== undefined ? nameFromCheckpoint(before) : freeName(runs, `${task}-${timeStamp(new Date())}`);
  const folder = path.join(runs, id);
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? String(cause);
    throw new ConfigError(`${folder} cannot be made (${code}); name another folder by --runs, or give --no-log.`, {
      cause,
    });
  }
  const file = path.join(folder, logName);
  return {
    callbacks: [
      runLog(fileSink(file), { facts: { task, ...facts } }),
      tensorBoard(fileSink(path.join(folder, "events.out.tfevents.tavali"))),
      { name: nameOfId, observes: true, state: () => id },
    ],
    finish: (result) => fs.appendFileSync(file, logLine("result", { ...result }, new Date())),
  };
}

/** The name of a run that a checkpoint goes on with. It comes from a file, so it must stay within the folder of all runs. */
function nameFromCheckpoint(name: unknown): string {
  const advice = "Train from the beginning, or give --no-log.";
  checkSchema(name, fileName, { name: "The checkpoint", what: "the name of its run", advice });
  return name as string;
}

/** "20261124-143052" in local time. */
function timeStamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

function freeName(runs: string, name: string): string {
  let free = name;
  for (let i = 2; fs.existsSync(path.join(runs, free)); i++) free = `${name}-${i}`;
  return free;
}
