/** Results as tables that read well in a terminal and in Markdown alike. */
import { median, type Outcome, type Result } from "./compete.js";
import { type Contestant, type PeerName, titles } from "./contestants.js";
import type { Workload } from "./workloads.js";

/** Losses or outputs that differ by more than this are marked. */
const TOLERANCE = 1e-3;

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

/** Times, and how many times faster we are than the best peer. */
export function timesTable(outcomes: readonly Outcome[], peers: readonly PeerName[]): string {
  const shown = peers.filter((peer) => outcomes.some(({ results }) => best(results, peer) !== undefined));
  const rows = outcomes.map((outcome) => {
    const { workload, results } = outcome;
    const [blas, own] = [ourTime(results, false), ourTime(results, true)];
    const rival = bestPeer(results);
    const over = (time: number | undefined) => (rival && time ? (rival.time / time).toFixed(2) : "–");
    return [
      `${workload.id}, ${workload.unit}`,
      ...[blas, own].map((time) => (time === undefined ? "–" : number(inUnit(workload, time)))),
      ...shown.map((peer) => peerCell(outcome, peer)),
      rival ? titles[rival.peer] : "–",
      `${over(blas)} (${workload.goal.blas})`,
      `${over(own)} (${workload.goal.own})`,
    ];
  });
  const header = [
    "workload",
    "Tavali",
    "Tavali, no BLAS",
    ...shown.map((peer) => titles[peer]),
    "best peer",
    "× (goal)",
    "× no BLAS (goal)",
  ];
  return table(header, rows);
}

function peerCell({ workload, results, absent }: Outcome, peer: PeerName): string {
  const fastest = best(results, peer);
  if (!fastest) return Object.keys(absent).some((name) => name.startsWith(peer)) ? "cannot" : "–";
  const threads = new Set(results.filter((r) => r.contestant.peer === peer).map((r) => r.contestant.threads));
  const times = [...threads].map((count) => {
    const one = best(
      results.filter((r) => r.contestant.threads === count),
      peer,
    )!;
    return number(inUnit(workload, median(one.times)));
  });
  return `${times.join(" / ")}${fastest.difference > TOLERANCE ? " ≠" : ""}`;
}

function best(results: readonly Result[], peer: string): Result | undefined {
  const own = results.filter(({ contestant }) => contestant.peer === peer);
  return own.toSorted((a, b) => median(a.times) - median(b.times))[0];
}

function ourTime(results: readonly Result[], own: boolean): number | undefined {
  const found = results.find(({ contestant: c }) => c.peer === "tavali" && (c.variant === "own") === own);
  return found && median(found.times);
}

function bestPeer(results: readonly Result[]): { peer: PeerName; time: number } | undefined {
  return results
    .flatMap(({ contestant: { peer }, times }) => (peer === "tavali" ? [] : [{ peer, time: median(times) }]))
    .toSorted((a, b) => a.time - b.time)[0];
}

/** MiB at most, of each workload's own process. */
export function memoryTable(outcomes: readonly Outcome[], peers: readonly PeerName[]): string {
  const names = ["tavali", ...peers].filter((name) => outcomes.some(({ results }) => best(results, name)));
  const rows = outcomes.map(({ workload, results }) => [
    workload.id,
    ...names.map((name) => {
      const peaks = results.filter(({ contestant }) => contestant.peer === name).map(({ peak }) => peak);
      // The least of a peer's processes; of ours, that with everything on.
      return peaks.length === 0 ? "–" : (name === "tavali" ? peaks[0]! : Math.min(...peaks)).toFixed(0);
    }),
  ]);
  return table(["peak MiB", ...names.map(nameOf)], rows);
}

export function startUpTable(times: ReadonlyMap<Contestant, readonly number[]>): string {
  const rows = [...times].map(([{ name }, each]) => [name, (median(each) / 1000).toFixed(2)]);
  return table(["from process start to the end of the first W1 step", "s"], rows);
}

/** Workloads in words, whose numbers were not ours, and who is missing. */
export function legend(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ workload: { id, title } }) => `- ${id}: ${title}.`);
  const different = outcomes.flatMap(({ workload, results }) =>
    results
      .filter(({ difference }) => !(difference <= TOLERANCE))
      .map(({ contestant: { peer }, difference }) =>
        Number.isFinite(difference)
          ? `- ≠ ${nameOf(peer)} in ${workload.id}: first losses or outputs differ from ours by ${(100 * difference).toFixed(1)} %.`
          : `- ≠ ${nameOf(peer)} in ${workload.id}: not comparable number by number.`,
      ),
  );
  const beyond = outcomes.flatMap(({ workload, absent }) =>
    Object.entries(absent).map(([name, reason]) => `- ${nameOf(name.split(",")[0]!)} in ${workload.id}: ${reason}.`),
  );
  return [...new Set([...lines, ...different, ...beyond])].join("\n");
}

function nameOf(peer: string): string {
  return titles[peer as PeerName] ?? "Tavali";
}

/** Three digits. */
export function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
