import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readRuns } from "./read-runs.js";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tavali-read-runs-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

it.each([
  ["done", [{ event: "end" }], 2],
  ["unfinished", [], 2],
  ["unfinished", [{ event: "result", accuracy: 1 }], 2],
  ["stopped early", [{ event: "end", stopped: true }], 1],
  ["cut short", [{ event: "end", stopped: false }], 1],
  ["interrupted", [{ event: "end" }, { event: "result", interrupted: true }], 1],
])("calls a training %s by how its record ends (%#)", (outcome, last, epochs) => {
  const trained = Array.from({ length: epochs }, (_, epoch) => ({
    event: "epoch",
    epoch,
    seconds: 1,
    loss: 1 / (epoch + 1),
  }));
  const lines = [{ event: "start", time: "2026-01-01", epochs: 2 }, ...trained, ...last];
  fs.mkdirSync(path.join(folder, "a"));
  fs.writeFileSync(path.join(folder, "a", "run.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const [run] = readRuns(folder);
  expect(run!.outcome).toBe(outcome);
  expect(run!.epochs).toHaveLength(epochs);
  expect(run!.seconds).toBe(epochs);
});

it("a training that was resumed for more epochs has their number", () => {
  const epoch = (number: number) => ({ event: "epoch", epoch: number, seconds: 1, loss: 1 });
  const lines = [
    { event: "start", time: "2026-01-01", epochs: 1, options: { epochs: 1, units: 3 } },
    epoch(0),
    { event: "resume", epoch: 0, epochs: 3 },
    epoch(1),
    { event: "end", stopped: false },
  ];
  fs.mkdirSync(path.join(folder, "a"));
  fs.writeFileSync(path.join(folder, "a", "run.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const [run] = readRuns(folder);
  expect(run).toMatchObject({ facts: { epochs: 3, options: { epochs: 3, units: 3 } }, outcome: "cut short" });
});
