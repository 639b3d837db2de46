/** Runs the mutants of a form in a process of their own, and ends it where one takes too long or too much memory. */
import { fork } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import type { Told } from "./child.js";

/** What must not be passed. */
export interface Limits {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** What came of the mutants of a form. */
export interface Outcome {
  /** Mutants that were read to an end. */
  readonly read: number;
  /** How many of them were taken for right. */
  readonly accepted: number;
  /** One text for every mutant that ended in another error, took too long or took too much memory. */
  readonly failures: readonly string[];
}

/** As the request has it: no hang over five seconds, no process above 1 GiB. */
export const limits: Limits = { milliseconds: 5000, bytes: 2 ** 30 };

const root = path.resolve(import.meta.dirname, "../..");

/** The child as one file, below the project, so that it finds its packages. */
export async function buildChild(): Promise<string> {
  const folder = path.join(root, ".cache");
  fs.mkdirSync(folder, { recursive: true });
  const outfile = path.join(fs.mkdtempSync(path.join(folder, "hostile-")), "child.mjs");
  await build({
    entryPoints: [path.join(import.meta.dirname, "child.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    outfile,
  });
  return outfile;
}

/** Reads mutants 0 … count − 1 of a form. */
export async function readMutants(
  child: string,
  form: string,
  { seed, count }: { readonly seed: number; readonly count: number },
  { milliseconds, bytes }: Limits = limits,
): Promise<Outcome> {
  const failures: string[] = [];
  let [read, accepted, next] = [0, 0, 0];
  const fail = (mutant: number, what: string) => {
    failures.push(`${form}, seed ${seed}, mutant ${mutant}: ${what}`);
    next = mutant + 1;
  };
  // A form that fails everywhere need not be read to its end.
  while (next < count && failures.length < 20) {
    let begun = false;
    const ended = await runChild(child, [form, seed, next, count].map(String), { milliseconds, bytes }, (told) => {
      begun = true;
      if (told.done < 0) return;
      read++;
      next = told.done + 1;
      if (told.accepted) accepted++;
      if (told.failure !== undefined) fail(told.done, told.failure);
      else if (told.memory > bytes) fail(told.done, `the process has ${Math.round(told.memory / 2 ** 20)} MiB`);
      return told.memory > bytes;
    });
    if (ended !== undefined && !begun) throw new Error(`${form}: its files cannot be made or read. ${ended}`);
    if (ended !== undefined && next < count) fail(next, ended);
  }
  return { read, accepted, failures };
}

/** @returns why it ended before its end; undefined where it did not. @param hear may end it by returning true */
function runChild(
  file: string,
  args: readonly string[],
  { milliseconds, bytes }: Limits,
  hear: (told: Told) => boolean | undefined,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = fork(file, args, {
      execArgv: ["--enable-source-maps", "--expose-gc"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let [errors, why, last] = ["", undefined as string | undefined, performance.now() + 30_000];
    let begun = false;
    child.stderr!.on("data", (chunk) => {
      errors = `${errors}${chunk}`.slice(-2000);
    });
    const stop = (reason: string | undefined) => {
      why ??= reason;
      child.kill("SIGKILL");
    };
    const watch = setInterval(() => {
      if (performance.now() - last > milliseconds) stop(`took longer than ${milliseconds} ms`);
      if (begun && residentMemory(child.pid!) > bytes) stop(`took more than ${bytes / 2 ** 20} MiB`);
    }, 50);
    let enough = false;
    child.on("message", (told: Told) => {
      begun = true;
      last = performance.now();
      if (!enough && hear(told)) {
        enough = true;
        stop(undefined);
      }
    });
    child.on("exit", (code) => {
      clearInterval(watch);
      resolve(enough ? undefined : (why ?? (code === 0 ? undefined : `the process ended (${code}): ${errors}`)));
    });
  });
}

/** In bytes; 0 where the system does not say. */
function residentMemory(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
