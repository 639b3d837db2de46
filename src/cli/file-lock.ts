/**
 * A file that says which process is at work on something, so that no second one is at the same time. It comes into being whole,
 * by a link, and one whose process is gone (`kill -9`, a power cut) is taken over.
 */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ConfigError } from "../errors.js";

/** Holder of a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** Tells the process from a later one of the same number, where the system says: which boot, and when in it the process began. */
  readonly process: string | undefined;
}

/** A lock that is held. */
export interface FileLock {
  /** Lets go; a second time does nothing. */
  release(): void;
}

const MOST_ATTEMPTS = 100;
/** Between two looks at a lock that another process takes over. */
const WAIT_MS = 10;
/** More than a lock of ours has. */
const MOST_BYTES = 4096;
/** The largest number a process can have. */
const MOST_PID = 2 ** 31 - 1;

/** Locks of this process. A lock with its number that is not here belongs to a process before it. */
const held = new Set<string>();

/**
 * Takes a lock.
 *
 * @param file where it is; its folder must exist
 * @param what is protected, as the begin of a sentence: "The folder states"
 * @param advice what to do else: "give another --checkpoint"
 * @throws ConfigError naming the process that holds it, and when the file cannot be written
 */
export function lockFile(file: string, what: string, advice: string): FileLock {
  const place = path.resolve(file);
  const self: Holder = {
    pid: process.pid,
    host: os.hostname(),
    since: new Date().toISOString(),
    process: identityOf(process.pid),
  };
  for (let attempt = 0; !create(place, JSON.stringify(self), `${what} cannot be locked`, advice); attempt++) {
    const text = read(place, advice);
    if (text === undefined && attempt < MOST_ATTEMPTS) continue;
    const holder = parse(text ?? "");
    if (attempt >= MOST_ATTEMPTS || holder === undefined || isAlive(holder, place))
      throw taken(file, holder, what, advice);
    takeAway(place, text!, advice);
  }
  held.add(place);
  removeUnfinished(place);
  let mine = true;
  return {
    release() {
      if (!mine) return;
      mine = false;
      held.delete(place);
      remove(place);
    },
  };
}

/** Removes what processes that were killed have left next to a file that they were writing. For who holds the lock of the file. */
export function removeUnfinished(file: string): void {
  const begin = `.${path.basename(file)}.`;
  const unfinished = (name: string) => name.startsWith(begin) && /^[0-9a-f]{8}\.part$/.test(name.slice(begin.length));
  for (const name of fs.readdirSync(path.dirname(file)).filter(unfinished)) {
    fs.rmSync(path.join(path.dirname(file), name), { force: true });
  }
}

/** A name that {@link removeUnfinished} knows, should this process be killed. */
function nameBeside(place: string): string {
  return path.join(path.dirname(place), `.${path.basename(place)}.${randomUUID().slice(0, 8)}.part`);
}

/** Makes the file with its whole content. @returns false where there is one already */
function create(place: string, text: string, problem: string, advice: string): boolean {
  const temporary = nameBeside(place);
  try {
    fs.writeFileSync(temporary, text, { flag: "wx" });
    try {
      fs.linkSync(temporary, place);
    } catch (cause) {
      // ENOENT: another process got the lock and cleaned up.
      if (codeOf(cause) === "EEXIST" || codeOf(cause) === "ENOENT") return false;
      // A file system without links: the file is empty for a moment.
      fs.writeFileSync(place, text, { flag: "wx" });
    }
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw new ConfigError(`${problem}: ${place} cannot be written (${codeOf(cause)}); ${advice}.`, { cause });
  } finally {
    remove(temporary);
  }
}

/** Removes a file that may not be there, or cannot be (its name is too long, the disk is read-only): nothing to fail for. */
function remove(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Left as it is.
  }
}

/** Undefined where there is nothing. @throws ConfigError for what is no file: to open a pipe would wait for who writes into it */
function read(place: string, advice: string): string | undefined {
  const stat = fs.lstatSync(place, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isFile()) {
    throw new ConfigError(`${place} is ${kindOf(stat)}, where the file that locks belongs. Remove it, or ${advice}.`);
  }
  if (stat.size > MOST_BYTES) return "";
  try {
    return fs.readFileSync(place, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new ConfigError(`${place} cannot be read (${codeOf(cause)}); remove it if no process is at work there.`, {
      cause,
    });
  }
}

function kindOf(stat: fs.Stats): string {
  if (stat.isDirectory()) return "a folder";
  if (stat.isSymbolicLink()) return "a link";
  if (stat.isFIFO()) return "a pipe";
  return stat.isSocket() ? "a socket" : "a device";
}

/** Undefined for a lock of another program. A number that no process can have becomes 0. */
function parse(text: string): Holder | undefined {
  try {
    const { pid, host = "", since = "", process: identity } = JSON.parse(text) as Record<string, unknown>;
    if (pid === undefined) return undefined;
    const possible = Number.isInteger(pid) && (pid as number) > 0 && (pid as number) <= MOST_PID;
    if (possible && !(host && since && typeof host === "string" && typeof since === "string")) return undefined;
    return {
      pid: possible ? (pid as number) : 0,
      host: String(host),
      since: String(since),
      process: typeof identity === "string" ? identity : undefined,
    };
  } catch {
    return undefined;
  }
}

/** Whether the process still runs; true where it cannot be known, on another machine. */
function isAlive({ pid, host, process: identity }: Holder, place: string): boolean {
  if (pid === 0) return false;
  if (host !== os.hostname()) return true;
  if (pid === process.pid) return held.has(place);
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // EPERM: there is one, of another user.
    if (codeOf(cause) !== "EPERM") return false;
  }
  const now = identityOf(pid);
  return identity === undefined || now === undefined || now === identity;
}

/** Linux: the boot, and the process's start in it. Elsewhere, and of a process that is gone, undefined. */
function identityOf(pid: number): string | undefined {
  try {
    const boot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // Behind the name, which may hold anything: the 20th number is the start in clock ticks.
    const numbers = fs
      .readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\)\s/s, "")
      .split(" ");
    // A process that has ended and waits for its parent is gone.
    return numbers[0] === "Z" ? "ended" : `${boot} ${numbers[19]}`;
  } catch {
    return undefined;
  }
}

/**
 * Removes a lock that was read as `text` and whose process is gone. Who removes holds a lock for it, so that nobody takes away the new lock
 * of a process that was faster.
 */
function takeAway(place: string, text: string, advice: string): void {
  const guard = path.join(path.dirname(place), `${path.basename(place)}.takeover`);
  let lock: FileLock;
  try {
    lock = lockFile(guard, `The lock ${place}`, advice);
  } catch (error) {
    if (!(error instanceof InUse)) throw error;
    // Another process takes it over right now.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    return;
  }
  try {
    if (read(place, advice) === text) fs.rmSync(place, { force: true });
  } finally {
    lock.release();
  }
}

/** Another process holds a lock. */
class InUse extends ConfigError {}

function taken(file: string, holder: Holder | undefined, what: string, advice: string): InUse {
  const who = holder
    ? `process ${holder.pid} on ${holder.host}, since ${holder.since}`
    : "a process that did not leave its name";
  return new InUse(
    `${what} is in use by another training: ${who}. Wait for it, or ${advice}; if no such process runs any more, remove ${file}.`,
  );
}

function codeOf(cause: unknown): string {
  return (cause as { code?: string }).code ?? String(cause);
}
