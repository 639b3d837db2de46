/** Two trainings that would write the same files: the second is refused and told who is at work; a killed one is in nobody's way. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trainings, writeSmallData } from "./small-models.js";
import { root, tavali } from "./tavali.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tavali-locks-"));
const here = { cwd: folder };
beforeAll(() => writeSmallData(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("one folder of checkpoints and one model file are one training's", async () => {
  const files = ["--out", "a.tavali", "--checkpoint", "states", "--resume", "states", "--checkpoint-every", "1steps"];
  const long = [...trainings.lm, "--epochs", "10000", "--no-log", ...files];
  const child = spawn(process.execPath, [path.join(root, "bin/tavali.mjs"), ...long], { cwd: folder, stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  try {
    const states = path.join(folder, "states");
    while (
      child.exitCode === null &&
      !(existsSync(states) && readdirSync(states).some((name) => name.endsWith("tavali-checkpoint")))
    )
      await sleep(20);
    const own = [...trainings.lm, "--no-log"];
    const holder = `process ${child.pid} on ${os.hostname()}, since 20`;
    const sameFolder = await tavali([...own, "--out", "b.tavali", "--resume", "states"], here);
    expect([sameFolder.code, sameFolder.stdout]).toEqual([1, ""]);
    expect(sameFolder.stderr).toContain(`The folder states is in use by another training: ${holder}`);
    const sameFile = await tavali([...own, "--out", "./a.tavali"], here);
    expect([sameFile.code, sameFile.stderr]).toEqual([
      1,
      expect.stringContaining(`is in use by another training: ${holder}`),
    ]);
    expect(existsSync(path.join(folder, "b.tavali"))).toBe(false);
  } finally {
    child.kill("SIGKILL");
  }
  await ended;
  // As if it had been killed while it wrote. Its epochs are over, so that no further checkpoint cleans up.
  writeFileSync(path.join(folder, "states", ".checkpoint-000084.tavali-checkpoint.82c53930.part"), "half");
  const after = await tavali([...trainings.lm, "--no-log", "--epochs", "1", ...files], here);
  expect([after.code, after.stderr]).toEqual([0, ""]);
  const left = [...readdirSync(folder), ...readdirSync(path.join(folder, "states"))];
  expect(left.filter((name) => /lock|part/.test(name))).toEqual([]);
});

test("a folder that was made for checkpoints goes with a training that never began", async () => {
  const run = await tavali(["train", "lm", "--text", "gone.txt", "--checkpoint", "made"], here);
  expect([run.code, existsSync(path.join(folder, "made"))]).toEqual([1, false]);
});
