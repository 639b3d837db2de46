/**
 * A training that is killed again and again ends in the very file it would have written undisturbed. Three kills; `TAVALI_KILLS=20` for more.
 */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadClassifierData } from "tavali/recipes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonOf, root, tavali } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-resume-"));
const at = (...names: string[]) => path.join(folder, ...names);
const kills = Number(process.env.TAVALI_KILLS ?? 3);
const epochs = 4 + 2 * kills;
const options = [
  ..."train sentiment --data reviews --units 8 --embedding 8 --batch-size 16 --patience 0".split(" "),
  ..."--cell simpleRNN --encoder last --dropout 0.2 --word-dropout 0.1 --json --no-log --epochs".split(" "),
  String(epochs),
];
const often = ["--checkpoint-every", "2steps"];

beforeAll(async () => {
  const { train, test: held, classNames } = await loadClassifierData();
  const csv = ({ texts, labels }: typeof train, count: number) =>
    ["label,text", ...texts.slice(0, count).map((text, i) => `${classNames[labels[i]!]},"${text}"`)].join("\n");
  mkdirSync(at("reviews"));
  writeFileSync(at("reviews/train.csv"), csv(train, 300));
  writeFileSync(at("reviews/test.csv"), csv(held, 60));
  expect((await tavali([...options, "--out", "whole.tavali"], { cwd: folder })).code).toBe(0);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const whole = () => readFileSync(at("whole.tavali"));

/** The number of the last checkpoint: it grows by one every two steps, whatever was killed in between. */
function checkpoints(name: string): number {
  const names = existsSync(at(name)) ? readdirSync(at(name)) : [];
  return Math.max(0, ...names.map((file) => Number(/^checkpoint-(\d+)/.exec(file)?.[1] ?? 0)));
}

/** Runs until `target` checkpoints are there and a moment longer, then kills; true when it had ended by then. */
async function runAndKill(args: readonly string[], name: string, target: number): Promise<boolean> {
  const child = spawn(process.execPath, [path.join(root, "bin/tavali.mjs"), ...args], { cwd: folder, stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  while (child.exitCode === null && checkpoints(name) < target) await sleep(3);
  await sleep(Math.random() * 60);
  child.kill("SIGKILL");
  return (await ended) === 0;
}

describe("kill -9", () => {
  test(`${kills} times at random moments, and the model is the same, byte for byte`, { timeout: 600_000 }, async () => {
    const args = [...options, "--out", "killed.tavali", "--checkpoint", "states", "--resume", "states", ...often];
    // 240 texts are 15 steps an epoch: 7 checkpoints, and one at the epoch's end.
    const stride = Math.floor((epochs * 8) / (kills + 1));
    let killed = 0;
    let target = 0;
    for (; killed < kills; killed++) {
      target += Math.ceil(Math.random() * stride);
      if (await runAndKill(args, "states", target)) break;
    }
    expect(killed).toBe(kills);
    expect(existsSync(at("killed.tavali"))).toBe(false);
    const last = await tavali(args, { cwd: folder });
    expect(last.code).toBe(0);
    expect(last.stderr).toContain("resumed");
    expect(jsonOf(last).epochs).toBe(epochs);
    expect(readFileSync(at("killed.tavali")).equals(whole())).toBe(true);
    expect(readdirSync(at("states")).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("a damaged checkpoint is named, and the one before leads to the same end", { timeout: 120_000 }, async () => {
    const last = readdirSync(at("states")).at(-1)!;
    truncateSync(at("states", last), 1000);
    const run = await tavali([...options, "--out", "damaged.tavali", "--resume", "states"], { cwd: folder });
    expect(run.stderr.replace(/\s+/g, " ")).toMatch(
      new RegExp(`${last}: the checksum is wrong.*Taking the checkpoint before`),
    );
    expect(readFileSync(at("damaged.tavali")).equals(whole())).toBe(true);
  });
});

describe("Ctrl-C", () => {
  // Windows has no signals that a parent could send.
  test.skipIf(process.platform === "win32")("keeps the state, says how to go on, and the end is the same", async () => {
    const interrupted = await tavali([...options, "--out", "later.tavali", "--checkpoint", "kept"], {
      cwd: folder,
      onStderr: (text, kill) => {
        if (/ 2\/\d+ /.test(text) && !text.includes("Interrupted")) kill("SIGINT");
      },
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toContain("go on with the same command and --resume kept");
    const run = await tavali([...options, "--out", "later.tavali", "--resume", "kept"], { cwd: folder });
    expect(run.code).toBe(0);
    expect(readFileSync(at("later.tavali")).equals(whole())).toBe(true);
  });
});

describe("--checkpoint and --resume refuse", () => {
  test.each([
    ["nothing to go on from", ["--resume", "nowhere"], /nowhere holds no checkpoint; start with --checkpoint nowhere/],
    [
      "a folder that is taken",
      ["--checkpoint", "states"],
      /states holds checkpoints already; go on with --resume states/,
    ],
    ["other options", ["--resume", "states", "--units", "9"], /units: 8 then, 9 now/],
    [
      "other data",
      ["--resume", "states", "--data", "reviews/test.csv"],
      /x: \[270, \d+\] .* then, \[\d+, \d+\] .* now/,
    ],
    ["an interval without a folder", often, /--checkpoint-every needs --checkpoint/],
  ])("%s", async (_, more, message) => {
    const run = await tavali([...options, "--out", "refused.tavali", ...more], { cwd: folder });
    expect([run.code, run.stdout]).toEqual([more === often ? 2 : 1, ""]);
    expect(run.stderr).toMatch(message);
  });
});
