/** The main part of the benchmark: every workload with its peers, and the time to the first training step. */
import path from "node:path";
import { sgemmSentence, sgemmShares, speedUps, speedUpTable } from "./core-report.js";
import { memoryTable, remarks, startUpTable, timesTable, titles } from "./report.js";
import { median, type Outcome, runInterleaved, startUp } from "./run-interleaved.js";
import type { Report, Setting } from "./setting.js";
import { ourselves, type PeerName, sgemmAlone, type Target, targetsOf } from "./targets.js";
import { smallest, type Workload } from "./workloads.js";
import { writeWorkload } from "./write-workload.js";

/** Writes a workload as a setting wants it. @returns it, and where it is */
export function prepareWorkload({ smoke, folder }: Setting, chosen: Workload): { workload: Workload; at: string } {
  const workload = smoke ? smallest(chosen) : chosen;
  const at = path.join(folder, workload.id);
  writeWorkload(at, workload);
  return { workload, at };
}

/** The peers that are installed; the others are logged. */
function installed({ peers, log }: Setting): Target[] {
  return peers.flatMap((peer) => {
    const found = targetsOf(peer);
    if (!("missing" in found)) return found;
    log(`${peer} is left out: ${found.missing}`);
    return [];
  });
}

/** Those that train W1 in one of their ways. */
function starters(others: readonly Target[]): Target[] {
  const beyond: readonly string[] = ["onnxruntime", "brain", "jax-js"];
  return others.filter(({ peer, variant }) => !variant && !beyond.includes(peer));
}

export async function measureWorkloads(setting: Setting): Promise<Report> {
  const { peers, pace, log } = setting;
  const others = installed(setting);
  const outcomes: Outcome[] = [];
  let starts = new Map<Target, number[]>();
  for (const chosen of setting.workloads) {
    const { workload, at } = prepareWorkload(setting, chosen);
    log(`${workload.id}: ${workload.title}`);
    const beside = workload.besideSgemm ? sgemmAlone() : [];
    outcomes.push(await runInterleaved(workload, at, [...ourselves(workload.batch), ...others, ...beside], pace, log));
    if (workload.id !== "W1") continue;
    log("start-up: fresh processes, one W1 step each");
    const those = starters([...ourselves(workload.batch), ...others]);
    starts = await startUp(at, those, Math.min(pace.rounds, 5), log);
  }
  return report(outcomes, peers, starts);
}

function report(
  outcomes: readonly Outcome[],
  peers: readonly PeerName[],
  starts: ReadonlyMap<Target, readonly number[]>,
): Report {
  const [gains, shares] = [speedUps(outcomes), sgemmShares(outcomes)];
  const tables = [timesTable(outcomes, peers), [titles(outcomes), remarks(outcomes)].filter(Boolean).join("\n")];
  if (shares.length > 0) tables.push(shares.map(sgemmSentence).join("\n"));
  if (gains.length > 0) tables.push(speedUpTable(gains));
  tables.push(memoryTable(outcomes, peers));
  if (starts.size > 0) tables.push(startUpTable(starts));
  return {
    tables,
    versions: Object.assign({}, ...outcomes.flatMap(({ results }) => results.map(({ versions }) => versions))),
    numbers: {
      outcomes: outcomes.map(asJson),
      sgemm: shares,
      speedUps: gains,
      startUp: [...starts].map(([{ name }, times]) => ({ name, median: median(times), times })),
    },
  };
}

/** An outcome as plain data. */
export function asJson({ workload, results, absent }: Outcome): object {
  return {
    workload: workload.id,
    absent,
    results: results.map(({ target, times, difference, peak, versions }) => ({
      name: target.name,
      median: median(times),
      quartiles: [median(times, 0.25), median(times, 0.75)],
      difference,
      peak,
      versions,
      times,
    })),
  };
}
