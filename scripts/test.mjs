/**
 * `npm test`: everything that must hold, cheapest first, stopping at the first stage that fails:
 * types, lint and format, tests of the source, build, tests of the built package, of the packed package and in a browser.
 * `npm test -- <filter>` runs vitest alone, with that filter.
 * The last line sums the tests of all stages: "N passed, N failed, N skipped".
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findChromium } from "./chromium.mjs";
import { build, checkNode, ensureDependencies, root, runNode, tools } from "./setup.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };
const reports = mkdtempSync(path.join(tmpdir(), "tavali-test-"));
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));

function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Adds the counts in one of vitest's JSON reports. */
function addReport(file) {
  if (!existsSync(file)) return;
  const report = JSON.parse(readFileSync(file, "utf8"));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
}

/** Adds the counts of the last line of the form "3 passed, 0 failed, 1 skipped"; false when there is none. */
function addClosingLine(printed) {
  const found = [...printed.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped\s*$/gm)].at(-1);
  if (!found) return false;
  total.passed += Number(found[1]);
  total.failed += Number(found[2]);
  total.skipped += Number(found[3]);
  return true;
}

/** Runs one stage; when it fails, ends the whole run with its exit code. */
async function stage(title, action) {
  console.log(`\n── ${title} ${"─".repeat(Math.max(0, 70 - title.length))}`);
  const begin = performance.now();
  const failedBefore = total.failed;
  const code = await action();
  console.log(`   ${title}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  if (code === 0) return;
  if (total.failed === failedBefore) total.failed += 1;
  console.log(`\nStopped: "${title}" failed with exit code ${code}.\n${closingLine(total)}`);
  process.exit(code);
}

const tool = async (file, args) => (await runNode([file, ...args])).code;

async function vitest(name, args) {
  const report = path.join(reports, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await tool(tools.vitest, ["run", ...reporters, ...args]);
  addReport(report);
  return code;
}

const sourceTests = (filters) => vitest("source", ["--project=source", "--project=readme", ...filters]);
const builtTests = (filters) => vitest("built", ["--project=built", ...filters]);

async function buildStage() {
  await build();
  return 0;
}

/** Runs tests that count for themselves. */
async function counted(file, env = {}) {
  const { code, printed } = await runNode([file], { output: "tee", env });
  if (addClosingLine(printed) || code !== 0) return code;
  console.log(`${file} did not end with a line "N passed, N failed, N skipped": add it, so it is counted.`);
  return 1;
}

async function everything() {
  // The state file only makes the next run faster.
  const incremental = ["--incremental", "--tsBuildInfoFile", ".cache/types.tsbuildinfo"];
  await stage("types", () => tool(tools.tsc, ["-p", "tsconfig.json", ...incremental]));
  await stage("lint and format", () => tool(tools.biome, ["check", "."]));
  await stage("tests of the source", () => sourceTests([]));
  await stage("build", buildStage);
  if (existsSync(path.join(root, "tests", "runtime"))) {
    await stage("tests of the built package", () => builtTests([]));
  }
  await stage("tests of the packed package", () => counted("tests/packed/run.mjs"));
  if (existsSync(path.join(root, "tests", "browser", "run.mjs"))) {
    const chromium = findChromium();
    if (chromium) {
      await stage("tests in a browser", () => counted("tests/browser/run.mjs", { CHROMIUM_PATH: chromium }));
    } else console.log("\nbrowser tests skipped: no Chromium found (set CHROMIUM_PATH)");
  }
}

async function filtered(filters) {
  if (filters.some((filter) => filter.includes("runtime"))) {
    await stage("build", buildStage);
    await stage("tests of the built package", () => builtTests(filters));
  } else {
    await stage("tests of the source", () => sourceTests(filters));
  }
}

checkNode();
await ensureDependencies();
const filters = process.argv.slice(2);
await (filters.length > 0 ? filtered(filters) : everything());
console.log(`\n${closingLine(total)}`);
