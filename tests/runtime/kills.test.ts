/**
 * Trainings of every recipe that are killed by SIGKILL, in the middle of saving a checkpoint and at random moments in turn, five times each at
 * most before one may end: model and log are then those of a training that nobody disturbed, byte for byte. One kill a recipe;
 * `TAVALI_KILLS=20` for more.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadModel } from "tavali/formats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trainings, writeSmallData } from "./small-models.js";
import { root, tavali } from "./tavali.js";

const kills = Number(process.env.TAVALI_KILLS ?? 1);
const killsOfOne = 5;
const folder = mkdtempSync(path.join(tmpdir(), "tavali-kills-"));
const at = (...names: string[]) => path.join(folder, ...names);
beforeAll(() => writeSmallData(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const intervals = ["7steps", "1steps", "1s", "23steps"];

/** Kills a process in the middle of its next save after `delay` milliseconds, or, with `now`, after them. */
function killLater(child: ChildProcess, checkpoints: string, delay: number, now: boolean): () => void {
  let due = false;
  const timer = setTimeout(() => {
    due = true;
    if (now) child.kill("SIGKILL");
  }, delay);
  const watcher = watch(checkpoints, (_, name) => {
    if (due && name?.endsWith(".part")) child.kill("SIGKILL");
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

/** What a run's log says, but for clocks and for where it was resumed. */
function logOf(runs: string): string[] {
  // A process that was killed early has made a folder and no log.
  const logs = readdirSync(runs).map((run) => path.join(runs, run, "run.jsonl"));
  const texts = logs.filter(existsSync).map((log) => readFileSync(log, "utf8"));
  const whole = texts.filter((text) => text.includes('"result"'));
  expect(whole).toHaveLength(1);
  const parsed = whole[0]!
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return parsed
    .filter(({ event }) => event !== "resume")
    .map(({ time, seconds, peakMemoryMiB, ...rest }) => JSON.stringify(rest));
}

test.each(Object.entries(trainings))(
  `train %s, killed ${kills} times, ends as if it had not been`,
  { timeout: 1_200_000 },
  async (task, args) => {
    const epochs = kills === 1 ? "6" : task === "lm" ? "15" : "40";
    const long = [...args, "--epochs", epochs, "--json", ...(task === "lm" ? [] : ["--patience", "0"])];
    const begin = performance.now();
    expect((await tavali([...long, "--out", `${task}.tavali`, "--runs", `${task}-runs`], { cwd: folder })).code).toBe(
      0,
    );
    const whole = performance.now() - begin;
    const model = readFileSync(at(`${task}.tavali`));

    let killed = 0;
    for (let one = 0; killed < kills; one++) {
      const name = `${task}-${one}`;
      const states = `${name}-states`;
      mkdirSync(at(states));
      const files = ["--out", `${name}.tavali`, "--checkpoint", states, "--resume", states, "--runs", `${name}-runs`];
      const command = [...long, ...files, "--checkpoint-every", intervals[one % intervals.length]!];
      for (let round = 0; ; round++) {
        const child = spawn(process.execPath, [path.join(root, "bin/tavali.mjs"), ...command], {
          cwd: folder,
          stdio: "ignore",
        });
        const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
        const mayKill = killed < kills && round < killsOfOne;
        const inSave = round % 2 === 0;
        const delay = kills > 1 ? Math.random() * whole * (inSave ? 0.7 : 1.1) : 0;
        const stop = mayKill ? killLater(child, at(states), delay, !inSave) : () => {};
        const code = await ended;
        stop();
        if (code !== null) {
          expect([task, code]).toEqual([task, 0]);
          break;
        }
        killed++;
        // A model that is there already is a whole one, whether or not its test results had been added.
        if (existsSync(at(`${name}.tavali`))) await loadModel(at(`${name}.tavali`));
      }
      expect(readFileSync(at(`${name}.tavali`)).equals(model)).toBe(true);
      expect(logOf(at(`${name}-runs`))).toEqual(logOf(at(`${task}-runs`)));
      expect([...readdirSync(folder), ...readdirSync(at(states))].filter((file) => /\.part$|lock/.test(file))).toEqual(
        [],
      );
    }
  },
);
