/**
 * The benchmark: `npm run bench -- [options]`. See `--help` for them. It bundles what is measured into .cache/bench, writes the
 * workloads there, and lets Tavali and whoever it is compared with run in turn, in one of several parts.
 * `--smoke` proves in seconds that the harness works: the smallest sizes, without peers unless some are named.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { measureBrowser } from "./browser.js";
import { compareVersions } from "./compare-versions.js";
import { kernelReport } from "./kernels.js";
import { measureWorkloads } from "./measure-workloads.js";
import { measureNodes } from "./node-versions.js";
import { printProfiles } from "./profile.js";
import { provenance, type Section, writeSection } from "./results-page.js";
import type { Report, Setting } from "./setting.js";
import { peerNames, root } from "./targets.js";
import { workloads } from "./workloads.js";

const help = `npm run bench -- [options]

What to measure, the workloads beside the peers unless one or several of these are given:
  --kernels              matrix products and elementwise kernels
  --browser              the training workloads in a headless Chromium beside Node
  --nodes 22,24,26       W1 in other versions of Node, which are installed in .cache/nodes, beside this one
  --test                 with --nodes: the whole of \`npm test\` in each of them, too
  --everything           the workloads and all of the above
  --before ../old        instead: the workloads in an earlier version, a working copy with its node_modules, and in this one, in turn
  --profile              instead: where the time of a training step goes, line by line of its programs
                         (--threads 2: the main one of two; --own: without the system's BLAS)

  --peers torch,keras    who to measure against: ${peerNames.join(", ")}; "none"; default all
  --workloads W1,W2      which: ${workloads.map(({ id }) => id).join(", ")}; default all
  --rounds 7             how many times everyone has a turn
  --turn 300             milliseconds of a turn, about
  --json                 print one JSON object with every time
  --write                put the tables into bench/results.md
  --smoke                see in seconds that the harness works; its numbers mean nothing
`;

const { values: options } = parseArgs({
  options: {
    kernels: { type: "boolean" },
    browser: { type: "boolean" },
    nodes: { type: "string" },
    test: { type: "boolean" },
    everything: { type: "boolean" },
    before: { type: "string" },
    profile: { type: "boolean" },
    threads: { type: "string" },
    own: { type: "boolean" },
    peers: { type: "string" },
    workloads: { type: "string" },
    rounds: { type: "string" },
    turn: { type: "string" },
    json: { type: "boolean" },
    write: { type: "boolean" },
    smoke: { type: "boolean" },
    help: { type: "boolean" },
  },
});
const command = ["npm run bench", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(" ");

function choose<Name extends string>(what: string, given: string | undefined, all: readonly Name[]): Name[] {
  if (given === undefined) return [...all];
  if (given === "none") return [];
  return given.split(",").map((name) => {
    const found = all.find((each) => each.toLowerCase() === name.toLowerCase());
    if (!found) throw new Error(`--${what}: there is no "${name}"; choose among ${all.join(", ")}.`);
    return found;
  });
}

function count(what: "rounds" | "turn" | "threads", standard: number): number {
  const value = Number(options[what] ?? standard);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${what}: expected a whole number of at least 1.`);
  return value;
}

function readSetting(): Setting {
  const smoke = options.smoke ?? false;
  const ids = choose(
    "workloads",
    options.workloads,
    workloads.map(({ id }) => id),
  );
  return {
    smoke,
    peers: choose("peers", options.peers ?? (smoke ? "none" : undefined), peerNames),
    workloads: workloads.filter(({ id }) => ids.includes(id)),
    pace: { rounds: count("rounds", smoke ? 1 : 7), turn: count("turn", smoke ? 20 : 300) },
    folder: path.join(root, ".cache", "bench", smoke ? "smallest" : "workloads"),
    log: (line) => console.error(line),
  };
}

function compileForNode({ log }: Setting): void {
  log("compiling src/ …");
  execFileSync(process.execPath, [path.join(root, "bench", "compile.mjs")], { stdio: "inherit" });
}

const versions = (options.nodes ?? "22,24,26").split(",");
const parts: Readonly<Record<Section, (setting: Setting) => Promise<Report>>> = {
  workloads: measureWorkloads,
  kernels: ({ smoke }) => kernelReport(smoke ? 0.002 : 0.4),
  browser: measureBrowser,
  nodes: (setting) => measureNodes(setting, versions, options.test ?? false),
};

async function main(): Promise<void> {
  const setting = readSetting();
  if (options.profile) return printProfiles(setting, { threads: count("threads", 1), own: options.own ?? false });
  const { everything, kernels, browser, nodes } = options;
  const asked = { workloads: false, kernels, browser, nodes };
  const some = Object.values(asked).some(Boolean);
  const wanted = (Object.keys(parts) as Section[]).filter(
    (section) => everything || asked[section] || (section === "workloads" && !some),
  );
  compileForNode(setting);
  if (options.before) return void console.log(await compareVersions(setting, path.resolve(options.before)));
  const numbers: Record<string, unknown> = { command, pace: setting.pace };
  for (const section of wanted) {
    const report = await parts[section](setting);
    numbers[section] = report.numbers;
    if (options.json) continue;
    const content = [provenance(command, report.versions), ...report.tables].join("\n\n");
    console.log(content);
    if (options.write && !setting.smoke) setting.log(`written to ${writeSection(section, content)}`);
  }
  if (setting.smoke) rmSync(setting.folder, { recursive: true, force: true });
  if (options.json) console.log(JSON.stringify(numbers));
}

if (options.help) console.log(help);
else await main();
