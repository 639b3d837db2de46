/** A mutant: a file of src/ with a piece of its text replaced, and what the tests make of it. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../house/source.js";

export interface Mutant {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What is different, for people. */
  readonly what: string;
  /** The whole file as it is with the fault. */
  readonly text: string;
}

export type Outcome = "killed" | "survived" | "timeout";

export const folder = path.join(root, ".cache/mutation");

/** The text of a file with [start, end) replaced, and `after` at its end. */
export function replaced(file: string, start: number, end: number, by: string, after = ""): string {
  const text = readFileSync(path.join(root, file), "utf8");
  return text.slice(0, start) + by + text.slice(end) + after;
}

/** Runs tests with the mutant in place of its file; the working tree stays as it is. */
export async function outcomeOf(mutant: Mutant | undefined, tests: readonly string[], seconds = 120): Promise<Outcome> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `mutant-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(mutant ?? { file: "", text: "" }));
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--config", "tests/mutation/vitest.config.ts", ...tests];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, MUTANT: file }, stdio: "ignore" });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, seconds * 1000);
  const status = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  clearTimeout(timer);
  rmSync(file, { force: true });
  if (late) return "timeout";
  return status === 0 ? "survived" : "killed";
}
