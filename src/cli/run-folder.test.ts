import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import type { TrainingState } from "../training/index.js";
import { recordRun } from "./run-folder.js";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tavali-run-folder-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const resumed = (runId: unknown) => ({ callbacks: [{ name: "runId", state: runId }] }) as unknown as TrainingState;

it("goes on in the folder that a checkpoint names", () => {
  const runs = path.join(folder, "runs");
  recordRun({ runs, log: true }, "lm", {}, resumed("lm-20261124-143052")).finish({});
  expect(fs.readdirSync(runs)).toEqual(["lm-20261124-143052"]);
});

it.each(["../x", "../../x", "a/../../x", "/tmp/x", "..", ".", "", "a\\..\\x", "x\0", "x\u001b", 7, null, ["x"], "CON"])(
  "refuses a checkpoint whose run is called %j, and writes nothing",
  (name) => {
    const runs = path.join(folder, "a", "runs");
    expect(() => recordRun({ runs, log: true }, "lm", {}, resumed(name))).toThrow(FormatError);
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(() => recordRun({ runs, log: false }, "lm", {}, resumed(name))).not.toThrow();
  },
);
