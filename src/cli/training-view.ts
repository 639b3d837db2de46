/** View of a training on a terminal: its facts, a row for each epoch, the learning curve, the places of the results. */

import { factLines, sectionLines } from "../display/lines.js";
import { bar, beside, duration, fraction, padTo, thousands } from "../display/text-layout.js";
import type { BatchReport, EpochReport, Measure, TrainingOutcome, TrainingStart } from "../recipes/training-report.js";
import { validationName } from "../training/index.js";
import type { Terminal } from "./terminal.js";
import { textPlot } from "./text-plot.js";

/** A heading and the lines below it. */
export function section(terminal: Terminal, title: string, lines: readonly string[]): void {
  for (const line of sectionLines(title, lines)) terminal.say(line);
}

/** `data   6,000 reviews …`, wrapped below itself. */
export function fact(terminal: Terminal, name: string, text: string): void {
  for (const line of factLines(terminal, name, text)) terminal.say(line);
}

/** Facts about the model before the training. */
export function showStart(terminal: Terminal, { layers, parameters, details, notes = [] }: TrainingStart): void {
  fact(terminal, "model", `${layers.join(" → ")}, ${thousands(parameters)} parameters`);
  fact(terminal, "reads", details);
  for (const note of notes) fact(terminal, "note", note);
}

/**
 * The handlers that show training as it goes: a progress line within an epoch, a row after it.
 *
 * @param measure chooses the best epoch; it has a column of its own unless it is the loss
 * @param before the epochs of a training that continues, among which is the best so far
 */
export function trainingRows(
  terminal: Terminal,
  epochs: number,
  { name, better }: Measure,
  before: readonly EpochReport[] = [],
) {
  const digits = String(epochs).length;
  const numbered = (epoch: number) => `${String(epoch).padStart(digits + 3)}/${epochs}`;
  const columns = name === "loss" ? ["loss"] : ["loss", name];
  const width = (column: string) => Math.max(column.length, 6);
  const head = columns.map((column) => column.padStart(width(column))).join("  ");
  const values = (report: EpochReport, keyOf: (column: string) => string) =>
    columns.map((column) => {
      const value = report[keyOf(column)];
      return (value === undefined ? "" : fraction(value)).padStart(width(column));
    });
  let best: number | undefined;
  const improves = (report: EpochReport): boolean => {
    const value = report[validationName(name)]!;
    const improved = best === undefined || (better === "higher" ? value > best : value < best);
    if (improved) best = value;
    return improved;
  };
  before.forEach(improves);
  let any = false;
  return {
    onBatch({ epoch, batch, batches, loss }: BatchReport): void {
      const room = Math.max(8, Math.min(30, terminal.width - 50));
      const filled = padTo(terminal.style("cyan", bar(batch / batches, room)), room);
      terminal.progress(`${numbered(epoch)}   ${filled}▏ step ${batch}/${batches}  loss ${fraction(loss)}`);
    },
    onEpoch(report: EpochReport): void {
      const pad = " ".repeat(digits);
      if (!any) {
        terminal.say();
        terminal.say(terminal.style("dim", `  epoch${pad}   ${padTo("training", head.length)}   validation`));
        terminal.say(terminal.style("dim", `       ${pad}   ${head}   ${head}        time`));
      }
      any = true;
      const improved = improves(report);
      const training = values(report, (column) => column).join("  ");
      const validation = `${values(report, validationName).join("  ")}${improved ? " ▲" : "  "}`;
      const shown = improved ? terminal.style("green", validation) : validation;
      terminal.say(`${numbered(report.epoch)}   ${training}   ${shown}  ${duration(report.seconds).padStart(8)}`);
    },
  };
}

/** Loss and validation accuracy over the epochs, next to each other where there is room. */
export function learningCurve(width: number, history: readonly EpochReport[]): string[] {
  const together = width >= 72;
  const columns = together ? Math.floor((width - 4) / 2) : width;
  const height = 6;
  const losses = textPlot({
    title: "training loss",
    values: history.map(({ loss }) => loss),
    width: columns,
    height,
    low: 0,
  });
  const accuracies = history.map(({ valAccuracy }) => valAccuracy!);
  // From guessing upwards; a run that is worse than guessing shows that too.
  const low = Math.min(0.5, ...accuracies);
  const accuracy = textPlot({ title: "validation accuracy", values: accuracies, width: columns, height, low, high: 1 });
  return together ? beside(losses, accuracy) : [...losses, "", ...accuracy];
}

/** The facts of a finished run that programs want. */
export function trainingFacts(result: TrainingOutcome) {
  const { test, history, bestEpoch, seconds, parameters, interrupted } = result;
  return {
    ...test,
    epochs: history.length,
    bestEpoch,
    seconds: Number(seconds.toFixed(3)),
    parameters,
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    interrupted,
    history: history.map(({ seconds: _, ...report }) => report),
  };
}
