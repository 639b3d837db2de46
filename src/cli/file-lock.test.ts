import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { lockFile } from "./file-lock.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tavali-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, "training.lock");
const lock = () => lockFile(file, "The folder states", "give another folder");
const leave = (holder: object) =>
  writeFileSync(file, JSON.stringify({ host: os.hostname(), since: "2026-11-30T10:00:00.000Z", ...holder }));

it("is held by one, and free when it is released", () => {
  const first = lock();
  expect(lock).toThrow(
    new RegExp(
      `^The folder states is in use by another training: process ${process.pid} on ${os.hostname()}, since 20`,
    ),
  );
  first.release();
  const second = lock();
  first.release();
  expect(lock).toThrow("give another folder");
  second.release();
  expect(readdirSync(folder)).toEqual([]);
});

it("is taken over from a process that is gone", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  leave({ pid });
  lock().release();
  // In containers numbers repeat: ours, but of a process before.
  leave({ pid: process.pid });
  lock().release();
  expect(readdirSync(folder)).toEqual([]);
});

// Elsewhere the system does not say when a process began.
it.runIf(process.platform === "linux")("is taken over where another process has the number now", () => {
  const child = spawn("sleep", ["30"]);
  leave({ pid: child.pid, process: "another-boot 1" });
  lock().release();
  leave({ pid: child.pid });
  expect(lock).toThrow(`process ${child.pid} on`);
  child.kill();
  rmSync(file);
});

it("comes with a tidy folder: what killed processes began to write is gone", () => {
  for (const name of [".training.lock.0a1b2c3d.part", ".training.lock.other", ".x.part"])
    writeFileSync(path.join(folder, name), "");
  lock().release();
  expect(readdirSync(folder).sort()).toEqual([".training.lock.other", ".x.part"]);
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
});

it("is not taken from another machine, nor where it cannot be read", () => {
  leave({ pid: 1, host: "elsewhere" });
  expect(lock).toThrow(`process 1 on elsewhere, since 2026-11-30T10:00:00.000Z. Wait for it`);
  for (const text of ["", "null", "[]", '{"pid":"1"}', "\u0000"]) {
    writeFileSync(file, text);
    expect(lock).toThrow(`remove ${file}`);
    expect(readFileSync(file, "utf8")).toBe(text);
  }
  rmSync(file);
});

it("says where it cannot be written", () => {
  expect(() => lockFile(path.join(folder, "no", "a.lock"), "It", "move")).toThrow(
    /^It cannot be locked: .*a\.lock cannot be written \(ENOENT\); move\.$/,
  );
});

it("says where its name is too long", () => {
  const long = path.join(folder, "n".repeat(250));
  expect(() => lockFile(long, "The folder states", "give another folder")).toThrow(
    /^The folder states cannot be locked: .*n cannot be written \(ENAMETOOLONG\); give another folder\.$/,
  );
});
