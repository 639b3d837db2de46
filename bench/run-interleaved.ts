/**
 * Interleaved runs of one workload: starts every target, compares their first losses or outputs with ours, then runs them in turn (ours, a
 * peer, ours, the next peer, …), so that other load of the machine affects all of them alike.
 */
import { setTimeout as pause } from "node:timers/promises";
import { BeyondPeer, PeerProcess } from "./peer-process.js";
import type { Target } from "./targets.js";
import type { Workload } from "./workloads.js";

export interface Result {
  readonly target: Target;
  /** Milliseconds of every run. */
  readonly times: readonly number[];
  /** How far the compared losses or outputs are from ours at most, see `differenceOf`. */
  readonly difference: number;
  /** MiB resident at most. */
  readonly peak: number;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly workload: Workload;
  readonly results: readonly Result[];
  /** Reasons of absent targets, by name. */
  readonly absent: Readonly<Record<string, string>>;
}

export interface Pace {
  readonly rounds: number;
  /** Milliseconds that a turn lasts, about; one run at least. */
  readonly turn: number;
}

interface Runner {
  readonly target: Target;
  readonly process: PeerProcess;
  readonly check: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
  readonly times: number[];
  /** Milliseconds of a run, roughly. */
  estimate: number;
}

/** A peer this slow, in milliseconds, takes part in the first rounds only. */
const SLOW = 1000;
const ROUNDS_FOR_SLOW = 3;
/** Thread pools spin for a while after their last work; milliseconds until the one before has let go of the cores. */
const SETTLING = 20;

export async function runInterleaved(
  workload: Workload,
  folder: string,
  targets: readonly Target[],
  pace: Pace,
  log: (line: string) => void,
): Promise<Outcome> {
  const absent: Record<string, string> = {};
  const runners: Runner[] = [];
  const drop = (runner: Pick<Runner, "target">, error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    absent[runner.target.name] = error instanceof BeyondPeer ? reason : (reason.split("\n")[0] ?? "failed");
    log(`  ${runner.target.name}: ${error instanceof BeyondPeer ? "cannot: " : ""}${reason}`);
    const at = runners.findIndex(({ target }) => target === runner.target);
    if (at >= 0) runners.splice(at, 1);
  };
  const results: Result[] = [];
  const started: PeerProcess[] = [];
  try {
    for (const target of targets) {
      const process = new PeerProcess(target.launch);
      started.push(process);
      try {
        runners.push(await prepare(target, process, folder, pace));
        log(`  ${target.name}: ready, ${runners.at(-1)!.estimate.toPrecision(3)} ms a run`);
      } catch (error) {
        drop({ target }, error);
      }
    }
    const comparesVersions = targets.some(({ peer }) => peer === "before");
    for (let round = 0; round < pace.rounds; round++) {
      for (const runner of turnsOf(runners, round)) {
        if (!runners.includes(runner)) continue; // dropped in this round
        // Ours have a turn before every peer, so half of one does; two versions of ours have equal turns.
        const share = runner.target.peer === "tavali" && !comparesVersions ? 0.5 : 1;
        await turn(runner, share * pace.turn).catch((error) => drop(runner, error));
      }
    }
    const ours = runners.find(({ target }) => target.peer === "tavali");
    for (const { target, process, times, check, versions } of runners) {
      const { peak } = await process.ask<{ peak: number }>({ do: "memory" });
      results.push({
        target,
        times,
        versions,
        peak,
        difference: differenceOf(check, ours?.check ?? check, workload),
      });
    }
  } finally {
    await Promise.all(started.map((process) => process.end()));
  }
  return { workload, results, absent };
}

async function prepare(
  target: Target,
  process: PeerProcess,
  folder: string,
  { turn: milliseconds }: Pace,
): Promise<Runner> {
  const { threads, variant } = target;
  const prepared = await process.ask<Pick<Runner, "check" | "versions">>({ do: "prepare", folder, threads, variant });
  const runner: Runner = { target, process, ...prepared, times: [], estimate: Infinity };
  await turn(runner, milliseconds);
  if (runner.estimate < SLOW) await turn(runner, 2 * milliseconds); // long enough for code to be compiled in earnest
  runner.times.length = 0;
  return runner;
}

/** One turn: as many runs as fit. */
async function turn(runner: Runner, milliseconds: number): Promise<void> {
  await pause(SETTLING);
  const count = Math.min(5000, Math.max(1, Math.round(milliseconds / runner.estimate)));
  const { times } = await runner.process.ask<{ times: number[] }>({ do: "run", count });
  runner.times.push(...times);
  runner.estimate = median(times);
}

/** Ours before every peer; alone, once. */
function turnsOf(runners: readonly Runner[], round: number): Runner[] {
  const ours = runners.filter(({ target }) => target.peer === "tavali");
  const peers = runners
    .filter(({ target }) => target.peer !== "tavali")
    .filter(({ estimate }) => estimate < SLOW || round < ROUNDS_FOR_SLOW);
  return peers.length === 0 ? ours : peers.flatMap((peer) => [...ours, peer]);
}

/** From process start to the end of a first training step, in milliseconds: `rounds` fresh processes of each. */
export async function startUp(
  folder: string,
  targets: readonly Target[],
  rounds: number,
  log: (line: string) => void,
): Promise<Map<Target, number[]>> {
  const times = new Map<Target, number[]>();
  const failed = new Set<Target>();
  for (let round = 0; round < rounds; round++) {
    for (const target of targets.filter((each) => !failed.has(each))) {
      const begin = performance.now();
      const process = new PeerProcess(target.launch);
      try {
        const { threads, variant } = target;
        await process.ask({ do: "start", folder, threads, variant }, 120);
        times.set(target, [...(times.get(target) ?? []), performance.now() - begin]);
      } catch (error) {
        failed.add(target);
        log(`  ${target.name}: ${(error as Error).message.split("\n")[0]}`);
      } finally {
        await process.end();
      }
    }
  }
  return times;
}

/**
 * Outputs differ relative to themselves; so does the first loss. The losses after it differ relative to how far training has moved ours:
 * a few steps move a loss so little that two trainings which have nothing in common would seem equal.
 */
function differenceOf(theirs: readonly number[], ours: readonly number[], { task }: Workload): number {
  const relative = (i: number) =>
    Math.abs(ours[i]! - (theirs[i] ?? Number.NaN)) / (scales[i] ?? Math.max(Math.abs(ours[i]!), 1e-3));
  const moved = Math.max(...ours.map((loss) => Math.abs(loss - ours[0]!)));
  const scales = task === "train" ? [undefined, moved, moved] : [];
  return Math.max(...ours.map((_, i) => relative(i)));
}

/** The middle of sorted numbers; `share` 0.25 and 0.75 give the quartiles. */
export function median(values: readonly number[], share = 0.5): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}
