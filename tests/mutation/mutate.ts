/**
 * Draws mutants of the source at random, runs the tests that execute their lines, and prints how many died, by module. Not part of
 * `npm test`; the seed makes a run repeatable.
 *
 *     npm run mutate -- --module src/losses --seed 3 --count 20
 *     npm run mutate -- --count 100                       # of the whole source but src/cli, whose tests run the built command
 *
 * Which test executes which line is measured by V8 once for each test file, and kept in .cache/mutation until a file of src/ or tests/
 * changes; `--tests` names other places to look for tests than the module itself and tests/. A mutant that survives either shows a hole in
 * the tests or changes nothing that matters: read each.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../src/tensor/random.js";
import { listFiles, parseSource, root } from "../house/source.js";
import { editsOf } from "./draw.js";
import { folder, type Mutant, outcomeOf, replaced } from "./mutant.js";

const { values: flags } = parseArgs({
  options: {
    module: { type: "string", default: "src" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "20" },
    tests: { type: "string", multiple: true },
    most: { type: "string", default: "8" },
  },
});

interface Coverage {
  readonly test: string;
  readonly seconds: number;
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

const skipped = /^tests\/(house|hostile|bench|learning|runtime|browser|packed|mutation)\//;
const isTest = (file: string): boolean => file.endsWith(".test.ts") && !skipped.test(file);

/** Measures what has not been measured since it changed. */
function coverageOf(tests: readonly string[]): Coverage[] {
  const measured = path.join(folder, "coverage");
  mkdirSync(measured, { recursive: true });
  const fileOf = (test: string): string => path.join(measured, `${test.replaceAll("/", "+")}.json`);
  const isNew = (test: string): boolean =>
    existsSync(fileOf(test)) && statSync(fileOf(test)).mtimeMs > statSync(path.join(root, test)).mtimeMs;
  const missing = tests.filter((test) => !isNew(test));
  if (missing.length > 0) {
    console.error(`measuring what ${missing.length} test files execute …`);
    const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--config", "tests/mutation/vitest.config.ts", ...missing];
    spawnSync(process.execPath, args, { cwd: root, env: { ...process.env, COVERAGE: measured }, stdio: "ignore" });
  }
  const kept = new Set(tests.map(fileOf));
  return readdirSync(measured)
    .map((file) => path.join(measured, file))
    .filter((file) => kept.has(file))
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as Coverage);
}

const filesOf = (place: string): string[] => (place.endsWith(".ts") ? [place] : listFiles(place));
const inModule = filesOf(flags.module).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
const sources = inModule.filter((file) => flags.module.startsWith("src/cli") || !file.startsWith("src/cli/"));
const places = flags.tests ?? [flags.module, "tests"];
const coverage = coverageOf([...new Set(places.flatMap(filesOf))].filter(isTest));
const edits = sources.flatMap((file) => {
  const source = parseSource(file, readFileSync(path.join(root, file), "utf8"));
  return editsOf(source).map((edit) => ({ file, ...edit }));
});

/** The tests that execute a line, the quickest first. */
function testsOf(file: string, line: number): string[] {
  const found = coverage.filter(({ lines }) => lines[file]?.includes(line));
  return found.sort((a, b) => a.seconds - b.seconds).map(({ test }) => test);
}

const random = new Random(Number(flags.seed));
const drawn = new Set<number>();
while (drawn.size < Math.min(Number(flags.count), edits.length)) drawn.add(random.integer(edits.length));

const table = new Map<string, Record<string, number>>();
const survivors: string[] = [];
for (const index of drawn) {
  const { file, start, end, by, kind, line } = edits[index]!;
  const mutant: Mutant = { file, line, what: kind, text: replaced(file, start, end, by) };
  const all = testsOf(file, line);
  let outcome = all.length === 0 ? "not executed" : "survived";
  // In groups: most mutants die in the first.
  for (let at = 0; at < all.length && at < Number(flags.most) && outcome === "survived"; at += 4) {
    outcome = await outcomeOf(mutant, all.slice(at, Math.min(at + 4, Number(flags.most))));
  }
  const module = file.split("/").slice(0, 2).join("/");
  const row = table.get(module) ?? {};
  row[outcome] = (row[outcome] ?? 0) + 1;
  table.set(module, row);
  const text = `${outcome.padEnd(12)} ${file}:${line} ${kind}`;
  console.log(text);
  if (outcome === "survived" || outcome === "not executed") survivors.push(text);
}

console.log(`\n${"module".padEnd(20)} mutants  died`);
for (const [module, row] of [...table].sort()) {
  const count = Object.values(row).reduce((sum, value) => sum + value, 0);
  console.log(
    `${module.padEnd(20)} ${String(count).padStart(7)} ${String((row.killed ?? 0) + (row.timeout ?? 0)).padStart(5)}`,
  );
}
writeFileSync(path.join(folder, "survivors.txt"), survivors.map((line) => `${line}\n`).join(""));
console.log(`\n${survivors.length} of ${drawn.size} survived; read them in .cache/mutation/survivors.txt`);
