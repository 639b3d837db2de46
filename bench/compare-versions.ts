/** Comparison of two versions: each workload in an earlier working copy and in this one, in turn, as a table of ratios. */
import { execFileSync } from "node:child_process";
import { prepareWorkload } from "./measure-workloads.js";
import { median, type Result, runInterleaved } from "./run-interleaved.js";
import type { Setting } from "./setting.js";
import { earlierVersion, ourselves } from "./targets.js";

/**
 * Measures both versions.
 *
 * @param copy the earlier version: a working copy with its node_modules
 * @returns a table; a ratio above 1 is slower than before. Lower quartiles are less disturbed by other load than medians
 */
export async function compareVersions(setting: Setting, copy: string): Promise<string> {
  const { pace, log } = setting;
  log(`compiling ${copy} …`);
  execFileSync(process.execPath, ["bench/compile.mjs"], { cwd: copy, stdio: "inherit" });
  const lines = ["| workload | before, ms | lower quartile | median |", "| --- | ---: | ---: | ---: |"];
  for (const chosen of setting.workloads) {
    const { workload, at } = prepareWorkload(setting, chosen);
    log(`${workload.id}: ${workload.title}`);
    const now = ourselves(workload.batch);
    const before = earlierVersion(copy, workload.batch);
    // A pair at a time: idle threads of other processes would disturb it.
    for (const [i, target] of now.entries()) {
      const { results } = await runInterleaved(workload, at, [target, before[i]!], pace, log);
      lines.push(rowOf(`${workload.id}, ${target.name}`, results));
    }
  }
  return lines.join("\n");
}

function rowOf(title: string, results: readonly Result[]): string {
  const [now, before] = results;
  if (!now || !before) return `| ${title} | – | – | – |`;
  const ratio = (share: number) => (median(now.times, share) / median(before.times, share)).toFixed(3);
  return `| ${title} | ${median(before.times).toPrecision(3)} | ${ratio(0.25)} | ${ratio(0.5)} |`;
}
