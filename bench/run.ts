/**
 * The benchmark: `npm run bench -- [options]`. See `--help` for them. It compiles src/ to plain JavaScript in .cache/bench, writes the
 * workloads there, and lets Tavali and the installed peers (bench/setup-peers.sh) run in turn.
 * `--smoke` proves in seconds that the harness works: the smallest sizes, without peers unless some are named.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { compete, median, type Outcome, type Pace, startUp } from "./compete.js";
import { type Contestant, contestantsOf, ourselves, type PeerName, peerNames, root } from "./contestants.js";
import { kernelReport } from "./kernels.js";
import { legend, memoryTable, startUpTable, timesTable } from "./report.js";
import { provenance, writeSection } from "./results-page.js";
import { smallest, type Workload, workloads } from "./workloads.js";
import { writeWorkload } from "./write-workload.js";

const help = `npm run bench -- [options]

  --peers torch,keras    who to measure against: ${peerNames.join(", ")}; "none"; default all
  --workloads W1,W2      which: ${workloads.map(({ id }) => id).join(", ")}; default all
  --rounds 7             how many times everyone has a turn
  --turn 300             milliseconds of a turn, about
  --kernels              matrix products and elementwise kernels instead
  --json                 print one JSON object with every time
  --write                put the tables into bench/results.md
  --smoke                see in seconds that the harness works; its numbers mean nothing
`;

const { values: options } = parseArgs({
  options: {
    peers: { type: "string" },
    workloads: { type: "string" },
    rounds: { type: "string" },
    turn: { type: "string" },
    kernels: { type: "boolean" },
    json: { type: "boolean" },
    write: { type: "boolean" },
    smoke: { type: "boolean" },
    help: { type: "boolean" },
  },
});
const command = ["npm run bench", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(" ");
const say = (line: string): void => console.error(line);

function choose<Name extends string>(what: string, given: string | undefined, all: readonly Name[]): Name[] {
  if (given === undefined) return [...all];
  if (given === "none") return [];
  return given.split(",").map((name) => {
    const found = all.find((each) => each.toLowerCase() === name.toLowerCase());
    if (!found) throw new Error(`--${what}: there is no "${name}"; choose among ${all.join(", ")}.`);
    return found;
  });
}

function count(what: "rounds" | "turn", standard: number): number {
  const value = Number(options[what] ?? standard);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${what}: expected a whole number of at least 1.`);
  return value;
}

function compileForNode(): void {
  const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [compiler, "-p", path.join(root, "bench", "tsconfig.json")], { stdio: "inherit" });
}

/** The peers that are here; whoever is not is named aloud. */
function installed(peers: readonly PeerName[]): Contestant[] {
  return peers.flatMap((peer) => {
    const found = contestantsOf(peer);
    if (!("missing" in found)) return found;
    say(`${peer} is left out: ${found.missing}`);
    return [];
  });
}

async function measureWorkloads(): Promise<void> {
  const { smoke } = options;
  const peers = choose("peers", options.peers ?? (smoke ? "none" : undefined), peerNames);
  const ids = choose(
    "workloads",
    options.workloads,
    workloads.map(({ id }) => id),
  );
  const pace: Pace = { rounds: count("rounds", smoke ? 1 : 7), turn: count("turn", smoke ? 20 : 300) };
  say("compiling src/ …");
  compileForNode();
  const others = installed(peers);
  const folderOf = ({ id }: Workload) => path.join(root, ".cache", "bench", smoke ? "smallest" : "workloads", id);
  const outcomes: Outcome[] = [];
  for (const each of workloads.filter(({ id }) => ids.includes(id))) {
    const workload = smoke ? smallest(each) : each;
    say(`${workload.id}: ${workload.title}`);
    writeWorkload(folderOf(workload), workload);
    outcomes.push(await compete(workload, folderOf(workload), [...ourselves(workload.batch), ...others], pace, say));
  }
  const first = workloads.find(({ id }) => id === "W1" && ids.includes(id));
  if (first) say("start-up: fresh processes, one W1 step each");
  const starters = [...ourselves(first?.batch ?? 1), ...others].filter(
    ({ peer, variant }) => !variant && !["onnxruntime", "brain", "jax-js"].includes(peer),
  );
  const starts = first ? await startUp(folderOf(first), starters, Math.min(pace.rounds, 5), say) : new Map();
  if (smoke) rmSync(path.join(root, ".cache", "bench", "smallest"), { recursive: true, force: true });
  if (options.json) {
    console.log(JSON.stringify({ command, pace, ...asJson(outcomes), startUp: [...starts].map(asStart) }));
    return;
  }
  const versions = Object.assign({}, ...outcomes.flatMap(({ results }) => results.map((result) => result.versions)));
  const parts = [provenance(command, versions), timesTable(outcomes, peers), legend(outcomes)];
  parts.push(memoryTable(outcomes, peers), ...(starts.size > 0 ? [startUpTable(starts)] : []));
  publish("workloads", parts.join("\n\n"));
}

function asJson(outcomes: readonly Outcome[]): object {
  return {
    outcomes: outcomes.map(({ workload, results, absent }) => ({
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
    })),
  };
}

function asStart([{ name }, times]: [Contestant, number[]]): object {
  return { name, median: median(times), times };
}

function publish(section: "workloads" | "kernels", content: string): void {
  console.log(content);
  if (options.write && !options.smoke) say(`written to ${writeSection(section, content)}`);
}

async function measureKernels(): Promise<void> {
  const report = await kernelReport(options.smoke ? 0.002 : 0.4);
  if (options.json) console.log(JSON.stringify({ command, ...report.numbers }));
  else publish("kernels", [provenance(command), ...report.tables].join("\n\n"));
}

if (options.help) console.log(help);
else await (options.kernels ? measureKernels() : measureWorkloads());
