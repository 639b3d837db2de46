import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import type { TrainingState } from "../training/index.js";
import { logName, type RunRecord, recordRun } from "./run-folder.js";
import { Terminal } from "./terminal.js";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tavali-run-folder-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const resumed = (runId: unknown) => ({ callbacks: [{ name: "runId", state: runId }] }) as unknown as TrainingState;

const begin = (runs: string, state?: TrainingState, log = true) =>
  recordRun(new Terminal({ json: true }), { runs, log }, { name: "lm", facts: {} }, state);
const finish = (record: RunRecord) => record.finish({ history: [] });

it("goes on in the folder that a checkpoint names", async () => {
  const runs = path.join(folder, "runs");
  await finish(begin(runs, resumed("lm-20261124-143052")));
  expect(fs.readdirSync(runs)).toEqual(["lm-20261124-143052"]);
});

it("gives every training a folder of its own, also within one second", () => {
  for (let i = 0; i < 20; i++) begin(folder);
  expect(fs.readdirSync(folder)).toHaveLength(20);
});

it("lets one training at a time go on in a folder", () => {
  const first = begin(folder, resumed("lm-1"));
  expect(() => begin(folder, resumed("lm-1"))).toThrow(/lm-1 is in use by another training: process \d+ on .*--runs/);
  first.release();
  begin(folder, resumed("lm-1")).release();
  expect(fs.readdirSync(path.join(folder, "lm-1"))).toEqual([]);
});

it("loses the log and nothing else where it cannot be written any more", async () => {
  const record = begin(folder, resumed("lm-1"));
  fs.mkdirSync(path.join(folder, "lm-1", logName));
  await finish(record);
  await finish(record);
});

it.each(["../x", "../../x", "a/../../x", "/tmp/x", "..", ".", "", "a\\..\\x", "x\0", "x\u001b", 7, null, ["x"], "CON"])(
  "refuses a checkpoint whose run is called %j, and writes nothing",
  (name) => {
    const runs = path.join(folder, "a", "runs");
    expect(() => begin(runs, resumed(name))).toThrow(FormatError);
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(() => begin(runs, resumed(name), false)).not.toThrow();
  },
);
