/** `tavali runs`: lists past trainings, shows one, compares some. */

import { Command } from "commander";
import { beside, columnsOf, duration, fraction, padTo } from "../display/text-layout.js";
import { UsageError } from "../errors.js";
import { largest, smallest } from "../tensor/extremes.js";
import { findRun, type PastRun, readRuns } from "./read-runs.js";
import { defaultRuns } from "./run-folder.js";
import { Terminal } from "./terminal.js";
import { textPlot } from "./text-plot.js";
import { section } from "./training-view.js";

interface RunsFlags {
  runs: string;
  json?: boolean;
  number?: string;
}

/** The command with its options. */
export function runsCommand(): Command {
  const withFlags = (command: Command) =>
    command
      .option("--runs <folder>", "where the records of the trainings are", defaultRuns)
      .option("--json", "end with one JSON object on standard output; all text goes to standard error");
  const list = withFlags(new Command("list").description("List all trainings, the oldest first.")).action(listRuns);
  const show = withFlags(new Command("show").description("Show one training: its options, its curve, its end."))
    .argument("<run>", 'its name, the beginning of it, or "last"')
    .action(showRun);
  const compare = withFlags(new Command("compare").description("Show how trainings differ, in options and in numbers."))
    .argument("<runs...>", "two or more")
    .option("--number <name>", "what to plot, such as loss or valLoss; default: validation accuracy, else the loss")
    .action(compareRuns);
  // The options stand before the subcommand, too.
  return withFlags(new Command("runs")).addCommand(list, { isDefault: true }).addCommand(show).addCommand(compare);
}

function listRuns(_: RunsFlags, command: Command): void {
  const flags = command.optsWithGlobals<RunsFlags>();
  const terminal = new Terminal({ json: flags.json === true });
  const runs = readRuns(flags.runs);
  const rows = [["run", "epochs", "loss", "valLoss", "valAccuracy", "test", "time", "outcome"], ...runs.map(rowOf)];
  for (const line of table(rows)) terminal.say(line);
  terminal.result({ runs: runs.map(summaryOf) });
}

function showRun(name: string, _: RunsFlags, command: Command): void {
  const flags = command.optsWithGlobals<RunsFlags>();
  const terminal = new Terminal({ json: flags.json === true });
  const run = findRun(readRuns(flags.runs), name);
  const { options, ...facts } = run.facts;
  const ran = `${run.outcome}, ${run.epochs.length} epochs in ${duration(run.seconds)}`;
  const known = Object.entries({
    run: run.id,
    started: run.started,
    ran,
    // Not "test", which is an option: the share of the test part.
    ...(testOf(run) !== "–" && { "test result": testOf(run) }),
    ...facts,
    ...(options as object),
  });
  for (const line of table(known.map(([key, value]) => [key, said(value)]))) terminal.say(line);
  for (const number of numbersOf([run])) section(terminal, "", plot(run, number, terminal.width));
  terminal.result(run);
}

function compareRuns(names: readonly string[], _: RunsFlags, command: Command): void {
  const flags = command.optsWithGlobals<RunsFlags>();
  const terminal = new Terminal({ json: flags.json === true });
  if (names.length < 2) throw new UsageError("runs compare: name two runs or more; `tavali runs` lists them.");
  const all = readRuns(flags.runs);
  const runs = names.map((name) => findRun(all, name));
  const options = differences(runs);
  section(terminal, "What differs", table([["", ...runs.map(({ id }) => id)], ...options]));
  const reported = numbersOf(runs);
  section(
    terminal,
    "Best of all epochs",
    table([
      ["", ...runs.map(({ id }) => id)],
      ...reported.map((number) => [number, ...runs.map((run) => fraction(bestOf(run, number)))]),
    ]),
  );
  const number = flags.number ?? ["valAccuracy", "valLoss"].find((name) => reported.includes(name)) ?? "loss";
  if (!reported.includes(number)) {
    throw new UsageError(`runs compare: no run reports "${number}"; there are ${reported.join(", ")}.`);
  }
  const values = runs.flatMap((run) => run.epochs.map((epoch) => epoch[number]!).filter(Number.isFinite));
  const range = { low: smallest(values), high: largest(values) };
  const columns = Math.floor((terminal.width - 4) / 2);
  for (let i = 0; i < runs.length; i += 2) {
    const [left, right] = runs.slice(i, i + 2).map((run) => plot(run, number, columns, range));
    section(terminal, "", right ? beside(left!, right) : left!);
  }
  terminal.result({
    differences: Object.fromEntries(options.map(([name, ...row]) => [name!, row])),
    runs: runs.map(summaryOf),
  });
}

function plot(
  { id, epochs }: PastRun,
  number: string,
  width: number,
  range: { low?: number; high?: number } = {},
): string[] {
  const values = epochs.map((epoch) => epoch[number] ?? Number.NaN);
  return textPlot({ title: `${number}, ${id}`, values, width, height: 6, ...range });
}

/** The names that runs report every epoch, without clock and learning rate. */
function numbersOf(runs: readonly PastRun[]): string[] {
  const names = new Set(runs.flatMap(({ epochs }) => epochs.flatMap((epoch) => Object.keys(epoch))));
  return [...names].filter((name) => !["epoch", "seconds", "learningRate"].includes(name));
}

/** The least or the greatest, as the training said which is better; undefined where it did not. */
function bestOf({ epochs, better }: PastRun, number: string): number | undefined {
  const values = epochs.map((epoch) => epoch[number]!).filter(Number.isFinite);
  const direction = Object.hasOwn(better, number) ? better[number] : undefined;
  if (values.length === 0 || (direction !== "lower" && direction !== "higher")) return undefined;
  return values.reduce((best, value) => (direction === "lower" ? Math.min(best, value) : Math.max(best, value)));
}

/** A row for every fact and option in which the runs are not all equal. */
function differences(runs: readonly PastRun[]): string[][] {
  const flat = runs.map(
    ({ facts: { options, ...facts } }) =>
      ({ ...facts, ...(options as Record<string, unknown>) }) as Record<string, unknown>,
  );
  const names = [...new Set(flat.flatMap((facts) => Object.keys(facts)))];
  const rows = names.map((name) => [name, ...flat.map((facts) => said(facts[name]))]);
  return rows.filter(([, first, ...others]) => others.some((other) => other !== first));
}

function said(value: unknown): string {
  if (value === undefined) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function rowOf(run: PastRun): string[] {
  const numbers = ["loss", "valLoss", "valAccuracy"].map((name) => fraction(bestOf(run, name)));
  return [run.id, String(run.epochs.length), ...numbers, testOf(run), duration(run.seconds), run.outcome];
}

/** Main score of the task on the test part. */
function testOf({ result }: PastRun): string {
  const name = ["entityF1", "accuracy", "perplexity", "testLoss"].find((known) => typeof result[known] === "number");
  return name === undefined ? "–" : `${name} ${fraction(result[name] as number)}`;
}

function summaryOf(run: PastRun) {
  const { id, started, outcome, seconds, epochs, facts, result } = run;
  const best = Object.fromEntries(numbersOf([run]).map((number) => [number, bestOf(run, number)]));
  return { id, started, outcome, seconds, epochs: epochs.length, best, facts, result };
}

/** Rows in columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => largest(rows.map((row) => columnsOf(row[column]!))));
  return rows.map((row) => `  ${row.map((cell, column) => padTo(cell, widths[column]!)).join("  ")}`.trimEnd());
}
