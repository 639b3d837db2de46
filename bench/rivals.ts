/** The main part of the benchmark: every workload beside the peers, and how long each takes to its first training step. */
import path from "node:path";
import { compete, median, type Outcome, startUp } from "./compete.js";
import { type Contestant, contestantsOf, ourselves, type PeerName, sgemmAlone } from "./contestants.js";
import { sgemmSentence, sgemmShares, speedUps, speedUpTable } from "./core-report.js";
import { memoryTable, remarks, startUpTable, timesTable, titles } from "./report.js";
import type { Report, Setting } from "./setting.js";
import { smallest, type Workload } from "./workloads.js";
import { writeWorkload } from "./write-workload.js";

/** Writes a workload as a setting wants it. @returns it, and where it is */
export function prepareWorkload({ smoke, folder }: Setting, chosen: Workload): { workload: Workload; at: string } {
  const workload = smoke ? smallest(chosen) : chosen;
  const at = path.join(folder, workload.id);
  writeWorkload(at, workload);
  return { workload, at };
}

/** The peers that are here; whoever is not is named aloud. */
function installed({ peers, say }: Setting): Contestant[] {
  return peers.flatMap((peer) => {
    const found = contestantsOf(peer);
    if (!("missing" in found)) return found;
    say(`${peer} is left out: ${found.missing}`);
    return [];
  });
}

/** Those that train W1 in one of their ways. */
function starters(others: readonly Contestant[]): Contestant[] {
  const beyond: readonly string[] = ["onnxruntime", "brain", "jax-js"];
  return others.filter(({ peer, variant }) => !variant && !beyond.includes(peer));
}

export async function measureWorkloads(setting: Setting): Promise<Report> {
  const { peers, pace, say } = setting;
  const others = installed(setting);
  const outcomes: Outcome[] = [];
  let starts = new Map<Contestant, number[]>();
  for (const chosen of setting.workloads) {
    const { workload, at } = prepareWorkload(setting, chosen);
    say(`${workload.id}: ${workload.title}`);
    const beside = workload.besideSgemm ? sgemmAlone() : [];
    outcomes.push(await compete(workload, at, [...ourselves(workload.batch), ...others, ...beside], pace, say));
    if (workload.id !== "W1") continue;
    say("start-up: fresh processes, one W1 step each");
    const those = starters([...ourselves(workload.batch), ...others]);
    starts = await startUp(at, those, Math.min(pace.rounds, 5), say);
  }
  return report(outcomes, peers, starts);
}

function report(
  outcomes: readonly Outcome[],
  peers: readonly PeerName[],
  starts: ReadonlyMap<Contestant, readonly number[]>,
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
    results: results.map(({ contestant, times, difference, peak, versions }) => ({
      name: contestant.name,
      median: median(times),
      quartiles: [median(times, 0.25), median(times, 0.75)],
      difference,
      peak,
      versions,
      times,
    })),
  };
}
