import { expect, it } from "vitest";
import { type EpochReport, finishedEpochs, type Measure } from "../recipes/training-report.js";
import type { TrainingState } from "../training/index.js";
import type { Terminal } from "./terminal.js";
import { trainingRows } from "./training-view.js";

const epoch = (number: number, accuracy: number): EpochReport => {
  const valLoss = 1 - accuracy;
  return { epoch: number, seconds: 1, loss: valLoss, accuracy, valLoss, valAccuracy: accuracy };
};
const before = finishedEpochs({
  callbacks: [{ name: "report", state: [epoch(1, 0.8), epoch(2, 0.7)] }],
} as unknown as TrainingState);
const measures: Measure[] = [
  { name: "accuracy", better: "higher" },
  { name: "loss", better: "lower" },
];

it.each(measures)("marks no epoch after a resumption that is worse than the best before it by $name", (measure) => {
  const lines: string[] = [];
  const terminal = { width: 80, say: (line = "") => lines.push(line), style: (_: string, text: string) => text };
  const rows = trainingRows(terminal as unknown as Terminal, 4, measure, before);
  rows.onEpoch(epoch(3, 0.75));
  rows.onEpoch(epoch(4, 0.9));
  expect(lines.slice(-2).map((line) => line.includes("▲"))).toEqual([false, true]);
});

it("finds no finished epochs in a checkpoint that has no report", () => {
  expect(finishedEpochs({ callbacks: [] } as unknown as TrainingState)).toEqual([]);
});
