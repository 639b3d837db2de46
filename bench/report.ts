/** Results as tables that read well in a terminal and in Markdown alike. */
import { median, type Outcome, type Result } from "./run-interleaved.js";
import { type PeerName, type Target, titleOf } from "./targets.js";
import type { Workload } from "./workloads.js";

/** Trainings or outputs that differ by more than this are marked. */
const TOLERANCE = 0.01;

/** A table whose columns line up; the first is to the left. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}

/** A time in the workload's unit. */
export function inUnit({ unit, time }: Workload, milliseconds: number): number {
  return unit === "ms" ? milliseconds : (1000 * milliseconds) / time;
}

export type Side = Target["peer"] | "tavali, own";

/** Times, and how many times faster we are than the best peer. */
export function timesTable(outcomes: readonly Outcome[], peers: readonly PeerName[]): string {
  const shown = peers.filter((peer) => outcomes.some(({ results }) => best(results, peer) !== undefined));
  const rows = outcomes.map((outcome) => {
    const { workload, results } = outcome;
    const bestPeer = peers.flatMap((peer) => best(results, peer) ?? []).toSorted(byTime)[0];
    const over = (side: Side, goal: number) => {
      const ours = best(results, side);
      return `${bestPeer && ours ? (median(bestPeer.times) / median(ours.times)).toFixed(2) : "–"} (${goal})`;
    };
    return [
      `${workload.id}, ${workload.unit}`,
      ...(["tavali", "tavali, own", ...shown] as const).map((side) => cell(outcome, side)),
      bestPeer ? titleOf(bestPeer.target.peer) : "–",
      over("tavali", workload.goal.blas),
      over("tavali, own", workload.goal.own),
    ];
  });
  const ours = ["Tavali", "Tavali, no BLAS"];
  const header = ["workload", ...ours, ...shown.map(titleOf), "best peer", "× (goal)", "× no BLAS (goal)"];
  return table(header, rows);
}

/** "one / two threads" in the workload's unit. */
export function cell({ workload, results, absent }: Outcome, side: Side): string {
  const own = resultsOf(results, side);
  if (own.length === 0) return Object.keys(absent).some((name) => name.startsWith(side)) ? "cannot" : "–";
  const threads = [...new Set(own.map(({ target }) => target.threads))];
  const times = threads.map((count) => {
    const fastest = own.filter(({ target }) => target.threads === count).toSorted(byTime)[0]!;
    return number(inUnit(workload, median(fastest.times)));
  });
  return `${times.join(" / ")}${own.every(({ difference }) => difference <= TOLERANCE) ? "" : " ≠"}`;
}

/** What one of them did, in all its ways to run. */
export function resultsOf(results: readonly Result[], side: Side): Result[] {
  return results.filter(({ target: { peer, variant } }) =>
    peer === "tavali" ? side === (variant === "own" ? "tavali, own" : "tavali") : side === peer,
  );
}

const byTime = (a: Result, b: Result): number => median(a.times) - median(b.times);

function best(results: readonly Result[], side: Side): Result | undefined {
  return resultsOf(results, side).toSorted(byTime)[0];
}

/** MiB at most, of each workload's own process; the least of a side's ways to run. */
export function memoryTable(outcomes: readonly Outcome[], peers: readonly PeerName[]): string {
  const sides = (["tavali", ...peers] as const).filter((side) => outcomes.some(({ results }) => best(results, side)));
  const rows = outcomes.map(({ workload, results }) => [
    workload.id,
    ...sides.map((side) => {
      const peaks = resultsOf(results, side).map(({ peak }) => peak);
      return peaks.length === 0 ? "–" : Math.min(...peaks).toFixed(0);
    }),
  ]);
  return table(["peak MiB", ...sides.map(titleOf)], rows);
}

export function startUpTable(times: ReadonlyMap<Target, readonly number[]>): string {
  const rows = [...times].map(([{ name }, each]) => [name, (median(each) / 1000).toFixed(2)]);
  return table(["from process start to the end of the first W1 step", "s"], rows);
}

/** Workloads in words. */
export function titles(outcomes: readonly Outcome[]): string {
  return outcomes.map(({ workload: { id, title } }) => `- ${id}: ${title}.`).join("\n");
}

/** Remarks: targets whose numbers differ from ours, and those that are absent; empty if there are none. */
export function remarks(outcomes: readonly Outcome[]): string {
  const different = outcomes.flatMap(({ workload, results }) =>
    [...new Set(results.map(({ target }) => target.peer))].flatMap((peer) => {
      const differences = results.flatMap(({ target, difference }) => (target.peer === peer ? difference : []));
      if (peer === "sgemm" || differences.every((difference) => difference <= TOLERANCE)) return [];
      return `- ≠ ${titleOf(peer)} in ${workload.id}: ${inWords(Math.max(...differences), workload)}.`;
    }),
  );
  const beyond = outcomes.flatMap(({ workload, absent }) =>
    Object.entries(absent).map(([name, reason]) => `- ${titleOf(name.split(",")[0]!)} in ${workload.id}: ${reason}.`),
  );
  return [...new Set([...different, ...beyond])].join("\n");
}

function inWords(difference: number, { task }: Workload): string {
  if (!Number.isFinite(difference)) return "not comparable number by number";
  const what = task === "train" ? "what the first steps change" : "an output";
  return `${what} differs from ours by ${(100 * difference).toFixed(1)} %`;
}

/** Three digits. */
export function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
