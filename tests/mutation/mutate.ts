/**
 * Draws mutants of the source at random, runs the nearest test files by the graph of imports, and prints how many died, by folder of src/.
 * Not part of `npm test`; the seed makes a run repeatable.
 *
 *     npm run mutate -- --room metrics --count 20 --seed 7
 *     npm run mutate -- --room text --file subword --count 5   # of the files whose path holds the word
 *     npm run mutate -- --count 10                             # 10 of each folder
 *
 * Each is run against at most `--most` test files; those that take longer than `--slow` seconds are left out, unless they stand in the
 * same folder or hold numbers of Keras. A mutant that survives shows a hole in the tests, or something that only slow tests notice (try
 * `--slow 30`), or changes nothing that matters: read each, and list the last kind with the reason in equivalent.json. Those are left out
 * of the score.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../src/tensor/random.js";
import { isTest, listFiles, parseSource, root } from "../house/source.js";
import { type Edit, editsOf } from "./draw.js";
import { folder, replaced } from "./mutant.js";
import type { Answer, Task } from "./runner.js";
import { suitesOf } from "./suites.js";

const { values: flags } = parseArgs({
  options: {
    room: { type: "string", multiple: true },
    file: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "20" },
    most: { type: "string", default: "10" },
    slow: { type: "string", default: "4" },
    seconds: { type: "string", default: "60" },
  },
});

interface Equivalent {
  readonly file: string;
  /** The line of the source, without the blanks around it. */
  readonly code: string;
  /** As the script prints it. */
  readonly kind: string;
  readonly why: string;
}
type Drawn = Edit & { readonly file: string };
type Outcome = "died" | "survived" | "equivalent";

const equivalents: readonly Equivalent[] = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "equivalent.json"), "utf8"),
);

let runner: ChildProcess | undefined;

/** The next message of the runner; undefined when it takes too long or ends. */
async function answerOf(child: ChildProcess, seconds: number): Promise<unknown> {
  return new Promise((resolve) => {
    const finish = (answer?: unknown): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(answer);
    };
    const timer = setTimeout(finish, seconds * 1000);
    child.once("message", finish);
    child.once("exit", () => finish());
  });
}

/** Runs tests in the runner. A runner that does not answer in time is ended: a mutant that loops forever has been noticed. */
async function ask(task: Task): Promise<Answer | undefined> {
  if (!runner) {
    runner = spawn(process.execPath, ["--import", "tsx", path.join(import.meta.dirname, "runner.ts")], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    if ((await answerOf(runner, 60)) !== "ready") throw new Error("the runner of the tests does not start");
  }
  const answered = answerOf(runner, Number(flags.seconds));
  runner.send(task);
  const answer = (await answered) as Answer | undefined;
  if (!answer) {
    runner.kill("SIGKILL");
    runner = undefined;
  }
  return answer;
}

const secondsFile = path.join(folder, "seconds.json");
/** How long each test file takes, as measured in earlier runs. */
const seconds: Record<string, number> = existsSync(secondsFile) ? JSON.parse(readFileSync(secondsFile, "utf8")) : {};

/** The test files for a mutant: the nearest that are quick, at most `--most`. */
function testsFor(file: string): string[] {
  const quick = (test: string): boolean =>
    path.dirname(test) === path.dirname(file) ||
    (/^tests\/golden\//.test(test) && seconds[test]! < 10) ||
    (seconds[test] ?? 0) <= Number(flags.slow);
  return suitesOf(file).filter(quick).slice(0, Number(flags.most));
}

function noteSeconds(tests: readonly string[], answer: Answer | undefined): void {
  for (const test of tests)
    seconds[test] = answer ? (answer.seconds[test] ?? seconds[test] ?? 0) : Number(flags.seconds);
  writeFileSync(secondsFile, JSON.stringify(seconds));
}

const passing = new Map<string, boolean>();

/** Whether a test file passes as the source is: else it cannot tell a mutant. */
async function passesWithout(test: string): Promise<boolean> {
  if (!passing.has(test)) {
    const answer = await ask({ mutant: undefined, tests: [test] });
    noteSeconds([test], answer);
    passing.set(test, answer?.passed === true);
    if (!answer?.passed) console.error(`left out, since it fails or takes too long as the source is: ${test}`);
  }
  return passing.get(test)!;
}

/** The test file that notices a mutant, or undefined. A file that fails without the mutant, too, does not count. */
async function killerOf(mutant: Drawn, tests: readonly string[]): Promise<string | undefined> {
  if (tests.length === 0) return undefined;
  const task = {
    mutant: { file: mutant.file, text: replaced(mutant.file, mutant.start, mutant.end, mutant.by) },
    tests,
  };
  const answer = await ask(task);
  if (answer?.passed) {
    noteSeconds(tests, answer);
    return undefined;
  }
  const failed = answer?.failed.filter((test) => tests.includes(test)) ?? [];
  for (const test of failed.length > 0 ? failed : tests) {
    if (await passesWithout(test)) continue;
    return killerOf(
      mutant,
      tests.filter((other) => other !== test),
    );
  }
  return failed[0] ?? "time or an error outside tests";
}

function codeOf(mutant: Drawn): string {
  return readFileSync(path.join(root, mutant.file), "utf8").split("\n")[mutant.line - 1]!.trim();
}

async function outcomeOf(mutant: Drawn): Promise<{ outcome: Outcome; by: string }> {
  const code = codeOf(mutant);
  const listed = equivalents.find(
    ({ file, code: line, kind }) => file === mutant.file && kind === mutant.kind && line === code,
  );
  if (listed) return { outcome: "equivalent", by: listed.why };
  const tests = testsFor(mutant.file).filter((test) => passing.get(test) !== false);
  // In groups: most mutants die in the first.
  for (let at = 0; at < tests.length; at += 4) {
    const killer = await killerOf(mutant, tests.slice(at, at + 4));
    if (killer !== undefined) return { outcome: "died", by: killer };
  }
  return { outcome: "survived", by: code };
}

/** A number of mutants of a folder, by the seed: the same whatever other folders are asked for. */
function draw(room: string): Drawn[] {
  const files = listFiles(`src/${room}`).filter((file) => file.endsWith(".ts") && !isTest(file));
  const edits = files
    .filter((file) => file.includes(flags.file))
    .flatMap((file) => {
      const source = parseSource(file, readFileSync(path.join(root, file), "utf8"));
      return editsOf(source).map((edit) => ({ file, ...edit }));
    });
  const random = new Random(Number(flags.seed));
  const drawn = new Set<number>();
  while (drawn.size < Math.min(Number(flags.count), edits.length)) drawn.add(random.integer(edits.length));
  return [...drawn].map((index) => edits[index]!);
}

mkdirSync(folder, { recursive: true });
const all = readdirSync(path.join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const rooms = flags.room ?? all.map(({ name }) => name).sort();
const rows: string[] = [];
const survivors: string[] = [];
const total = { died: 0, survived: 0, equivalent: 0 };

function row(name: string, counts: Record<Outcome, number>): string {
  const { died, survived, equivalent } = counts;
  const score = died + survived === 0 ? "–" : `${Math.round((100 * died) / (died + survived))} %`;
  const cells = [died + survived + equivalent, died, survived, equivalent, score];
  return `| ${name.padEnd(14)} |${cells.map((cell) => `${String(cell).padStart(11)} |`).join("")}`;
}

for (const room of rooms) {
  const counts = { died: 0, survived: 0, equivalent: 0 };
  for (const mutant of draw(room)) {
    const { outcome, by } = await outcomeOf(mutant);
    counts[outcome]++;
    total[outcome]++;
    const line = `${outcome.padEnd(10)} ${mutant.file}:${mutant.line} ${mutant.kind} (${by})`;
    console.log(line);
    if (outcome === "survived") survivors.push(line);
  }
  rows.push(row(room, counts));
}
runner?.disconnect();

const heads = ["mutants", "died", "survived", "equivalent", "score"];
console.log(`\n| ${"folder".padEnd(14)} |${heads.map((head) => `${head.padStart(11)} |`).join("")}`);
console.log(`|${"-".repeat(16)}|${heads.map(() => `${"-".repeat(11)}:|`).join("")}`);
for (const line of rows) console.log(line);
if (rows.length > 1) console.log(row("in all", total));
writeFileSync(path.join(folder, "survivors.txt"), survivors.map((line) => `${line}\n`).join(""));
if (survivors.length > 0) console.log("\nThe survivors stand in .cache/mutation/survivors.txt.");
