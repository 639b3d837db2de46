import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
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
  for (const text of ["", "null", "[]", '{"pid":1}', "\u0000"]) {
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

it.each([1e300, -1, 0, 1.5, 2 ** 31, Number.NaN, "abc", null, [1]])("is free where its process is %j", (pid) => {
  leave({ pid });
  lock().release();
  expect(readdirSync(folder)).toEqual([]);
});

// Windows has no pipes among its files.
it.runIf(process.platform !== "win32").each([
  ["a pipe", () => spawnSync("mkfifo", [file])],
  ["a folder", () => mkdirSync(file)],
  ["a link", () => symlinkSync(path.join(folder, "nowhere"), file)],
  ["a link", () => symlinkSync("/dev/zero", file)],
])("says that it is %s, and goes on at once", (kind, make) => {
  make();
  expect(lock).toThrow(`${file} is ${kind}, where the file that locks belongs. Remove it, or give another folder.`);
  rmSync(file, { recursive: true });
});

it("is taken over by one of many processes that find it stale, again and again", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const program = path.join(folder, "program.mjs");
  const entry = `
    import { lockFile } from ${JSON.stringify(new URL("./file-lock.ts", import.meta.url).pathname)};
    import { createInterface } from "node:readline";
    let lock;
    const attempt = () => { try { lock = lockFile(${JSON.stringify(file)}, "It", "move"); return "mine"; } catch (error) { return error.message; } };
    console.log("ready");
    for await (const line of createInterface({ input: process.stdin })) {
      if (line === "go") console.log(attempt());
      else { lock?.release(); lock = undefined; console.log("released"); }
    }`;
  const bundle = {
    stdin: { contents: entry, resolveDir: folder },
    bundle: true,
    platform: "node",
    format: "esm",
  } as const;
  await build({ ...bundle, outfile: program, logLevel: "silent" });
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const lines = children.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  const answers = () => Promise.all(lines.map(async (line) => String((await line.next()).value)));
  const tell = (word: string) => children.map((child) => child.stdin.write(`${word}\n`));
  await answers();
  for (let round = 0; round < 100; round++) {
    leave({ pid, since: String(round) });
    tell("go");
    const said = await answers();
    expect(said.filter((text) => text === "mine")).toHaveLength(1);
    expect(said.filter((text) => text.startsWith("It is in use by another training"))).toHaveLength(5);
    tell("release");
    await answers();
  }
  for (const child of children) child.stdin.end();
  rmSync(program);
  expect(readdirSync(folder)).toEqual([]);
}, 30_000);
