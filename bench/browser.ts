/** A part of the benchmark: the same models trained in a worker of a browser's page, beside Node without a BLAS, in turn. */
import path from "node:path";
import { asJson, prepareWorkload } from "./measure-workloads.js";
import { cell, number, remarks, table } from "./report.js";
import { median, type Outcome, type Result, runInterleaved } from "./run-interleaved.js";
import type { Report, Setting } from "./setting.js";
import { ourselves, root, type Target } from "./targets.js";

/** A browser is meant to take this many times as long as Node at most. */
const GOAL = 1.5;

function inChromium(node: readonly Target[]): Target[] {
  const script = path.join(root, "bench", "browser", "chromium.mjs");
  return node.map(({ threads, variant }) => ({
    name: `chromium, ${threads} thread${threads > 1 ? "s" : ""}`,
    peer: "chromium",
    threads,
    variant,
    launch: { command: process.execPath, args: [script] },
  }));
}

export async function measureBrowser(setting: Setting): Promise<Report> {
  const outcomes: Outcome[] = [];
  for (const chosen of setting.workloads.filter(({ task }) => task === "train")) {
    const { workload, at } = prepareWorkload(setting, chosen);
    setting.log(`${workload.id} in a browser`);
    const node = ourselves(workload.batch).filter(({ variant }) => variant === "own");
    outcomes.push(await runInterleaved(workload, at, [...node, ...inChromium(node)], setting.pace, setting.log));
  }
  const ratios = outcomes.map(({ workload, results }) => ({ workload: workload.id, ratio: ratioOf(results) }));
  const rows = outcomes.map((outcome, i) => {
    const { ratio } = ratios[i]!;
    const times = (["tavali, own", "chromium"] as const).map((side) => cell(outcome, side));
    return [`${outcome.workload.id}, ms`, ...times, ratio === undefined ? "–" : number(ratio)];
  });
  return {
    tables: [
      table(["training step", "Node, no BLAS", "Chromium", `Chromium ÷ Node (goal: at most ${GOAL})`], rows),
      remarks(outcomes),
    ].filter(Boolean),
    versions: Object.assign({}, ...outcomes.flatMap(({ results }) => results.map(({ versions }) => versions))),
    numbers: { ratios, outcomes: outcomes.map(asJson) },
  };
}

/** How many times as long as Node the browser takes, each at its better number of threads. */
function ratioOf(results: readonly Result[]): number | undefined {
  const fastest = (peer: string) => {
    const times = results.filter(({ target }) => target.peer === peer).map((result) => median(result.times));
    return times.length === 0 ? undefined : Math.min(...times);
  };
  const [browser, node] = [fastest("chromium"), fastest("tavali")];
  return browser && node && browser / node;
}
