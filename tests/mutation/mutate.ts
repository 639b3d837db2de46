/**
 * Draws mutants of the source at random, runs the nearest test files by the graph of imports, and prints how many died, by folder of src/.
 * Not part of `npm test`; the seed makes a run repeatable.
 *
 *     npm run mutate -- --room metrics --count 20 --seed 7
 *     npm run mutate -- --room text --file subword --count 5   # of the files whose path holds the word
 *     npm run mutate -- --count 10                             # 10 of each folder
 *
 * A mutant that survives shows a hole in the tests, or changes nothing that matters: read each, and list the latter with the reason in
 * equivalent.json. They are left out of the score.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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

const passing = new Map<string, boolean>();

/** Those of the test files that pass as the source is: the others could not tell a mutant. */
async function whichPass(tests: readonly string[]): Promise<string[]> {
  const unknown = tests.filter((test) => !passing.has(test));
  if (unknown.length > 0 && (await ask({ mutant: undefined, tests: unknown }))?.passed) {
    for (const test of unknown) passing.set(test, true);
  } else {
    for (const test of unknown) {
      passing.set(test, (await ask({ mutant: undefined, tests: [test] }))?.passed === true);
      if (!passing.get(test)) console.error(`left out, since it fails or takes too long as the source is: ${test}`);
    }
  }
  return tests.filter((test) => passing.get(test));
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
  const tests = await whichPass(suitesOf(mutant.file, Number(flags.most)));
  const text = replaced(mutant.file, mutant.start, mutant.end, mutant.by);
  // In groups: most mutants die in the first.
  for (let at = 0; at < tests.length; at += 4) {
    const answer = await ask({ mutant: { file: mutant.file, text }, tests: tests.slice(at, at + 4) });
    if (!answer?.passed) return { outcome: "died", by: answer?.failed.join(", ") ?? "time" };
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
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, "survivors.txt"), survivors.map((line) => `${line}\n`).join(""));
if (survivors.length > 0) console.log("\nThe survivors stand in .cache/mutation/survivors.txt.");
