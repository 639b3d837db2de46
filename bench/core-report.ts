/** What the cores are used for: how much two threads gain, and how near a step's matrix products come to what the system's BLAS can do. */

import { number, resultsOf, type Side, table } from "./report.js";
import { median, type Outcome, type Result } from "./run-interleaved.js";
import { SGEMM_FLOP, stepFlop } from "./step-flop.js";
import { titleOf } from "./targets.js";

/** Two threads are meant to be this many times as fast as one. */
const GOAL_OF_THREADS = 1.7;
/** The share of the rate of sgemm that is meant to be reached. */
const GOAL_OF_SHARE = 0.7;

const sides: readonly Side[] = ["tavali", "tavali, own", "torch", "keras"];

/** Time with one thread divided by time with two; undefined where either is missing. */
function speedUp(results: readonly Result[], side: Side): number | undefined {
  const [one, two] = [1, 2].map((threads) => fastest(results, side, threads));
  return one && two && one / two;
}

function fastest(results: readonly Result[], side: Side, threads: number): number | undefined {
  const times = resultsOf(results, side)
    .filter(({ target }) => target.threads === threads)
    .map((result) => median(result.times));
  return times.length === 0 ? undefined : Math.min(...times);
}

export interface SpeedUps {
  readonly workload: string;
  readonly speedUps: Readonly<Partial<Record<Side, number>>>;
}

/** Of every workload that trains on one thread and on two. */
export function speedUps(outcomes: readonly Outcome[]): SpeedUps[] {
  return outcomes
    .filter(({ workload: { task, batch } }) => task === "train" && batch > 1)
    .map(({ workload, results }) => ({
      workload: workload.id,
      speedUps: Object.fromEntries(sides.map((side) => [side, speedUp(results, side)])),
    }));
}

export function speedUpTable(all: readonly SpeedUps[]): string {
  const shown = sides.filter((side) => all.some(({ speedUps: each }) => each[side] !== undefined));
  const title = (side: Side) => (side === "tavali, own" ? "Tavali, no BLAS" : titleOf(side));
  const rows = all.map(({ workload, speedUps: each }) => [
    workload,
    ...shown.map((side) => (each[side] === undefined ? "–" : number(each[side]))),
  ]);
  return table([`two threads × one (goal ${GOAL_OF_THREADS})`, ...shown.map(title)], rows);
}

export interface SgemmShare {
  readonly workload: string;
  /** Operations of a step's matrix products. */
  readonly flop: number;
  readonly threads: number;
  /** GFLOP/s of the whole step, and of sgemm alone. */
  readonly step: number;
  readonly sgemm: number;
}

export function sgemmShares(outcomes: readonly Outcome[]): SgemmShare[] {
  return outcomes.flatMap(({ workload, results }) =>
    results
      .filter(({ target }) => target.peer === "sgemm")
      .flatMap(({ target: { threads }, times }) => {
        const ours = fastest(results, "tavali", threads);
        const flop = stepFlop(workload);
        const sgemm = SGEMM_FLOP / median(times) / 1e6;
        return ours === undefined ? [] : [{ workload: workload.id, flop, threads, step: flop / ours / 1e6, sgemm }];
      }),
  );
}

/** "W3 reaches 71 % of sgemm on one core (74 of 104 GFLOP/s; goal 70 %)." */
export function sgemmSentence({ workload, flop, threads, step, sgemm }: SgemmShare): string {
  const cores = threads === 1 ? "one core" : `${threads} cores`;
  return (
    `${workload} reaches ${((100 * step) / sgemm).toFixed(0)} % of sgemm on ${cores}: ${number(step)} of ${number(sgemm)} GFLOP/s, ` +
    `counting only the ${number(flop / 1e9)} GFLOP of a step's matrix products (goal ${100 * GOAL_OF_SHARE} %).`
  );
}
