/** Runs the command `tavali` of the built package in a process of its own. */
import { spawn } from "node:child_process";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Called with what standard error holds so far; may end the process by a signal. */
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export function tavali(args: readonly string[], { cwd = root, env = {}, onStderr }: RunOptions = {}): Promise<Run> {
  const child = spawn(process.execPath, [path.join(root, "bin/tavali.mjs"), ...args], {
    cwd,
    env: { ...process.env, TAVALI_DEBUG: "", ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onStderr?.(stderr, (signal) => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** The object that standard output holds, which must be all that it holds. */
export function jsonOf({ code, stdout, stderr }: Run): Record<string, unknown> {
  if (stdout.trim().split("\n").length !== 1) throw new Error(`not one line (exit code ${code}): ${stdout}\n${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}
