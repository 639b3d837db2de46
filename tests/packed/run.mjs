/**
 * Tests of the package as it is published: `node tests/packed/run.mjs`, after a build. It is packed, installed in an empty folder, checked
 * by publint and Are the Types Wrong, required, compiled against, bundled for browsers by three bundlers and run in Chromium, and run by
 * Deno and Bun where they are found. The last line is "N passed, N failed, N skipped".
 */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { findChromium } from "../../scripts/chromium.mjs";
import { root, run, runNode } from "../../scripts/setup.mjs";
import { bundlers } from "./bundlers.mjs";
import { findHost } from "./hosts.mjs";
import { packAndInstall } from "./install.mjs";
import { answerInPage, launch } from "./pages.mjs";
import { typeErrors } from "./types.mjs";

const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const doors = Object.keys(manifest.exports).map((door) => path.posix.join(manifest.name, door));
const inModules = (...parts) => path.join(root, "node_modules", ...parts);
const total = { passed: 0, failed: 0, skipped: 0 };

async function test(title, action) {
  const begin = performance.now();
  try {
    const remark = await action();
    total.passed++;
    console.log(` ✓ ${title} (${((performance.now() - begin) / 1000).toFixed(1)} s)${remark ? `: ${remark}` : ""}`);
  } catch (error) {
    total.failed++;
    console.log(` ✗ ${title}\n   ${String(error?.stack ?? error).replaceAll("\n", "\n   ")}`);
  }
}

function skip(title, reason) {
  total.skipped++;
  console.log(` - ${title}: skipped, ${reason}`);
}

const { folder, tarball, installed } = await packAndInstall();
const inFolder = (file) => path.join(folder, file);

/** Runs a program in the folder; its output must be JSON. */
async function outputOf(command, args, env = {}) {
  const { code, printed } = await run(command, args, { output: "quiet", env: { NO_COLOR: "1", ...env } });
  assert.equal(code, 0, printed);
  try {
    return JSON.parse(printed);
  } catch {
    throw new Error(`expected JSON and nothing beside it, but was printed:\n${printed}`);
  }
}

function sameNumbers(actual, expected) {
  for (const part of ["losses", "predictions"]) {
    assert.equal(actual[part].length, expected[part].length);
    actual[part].forEach((value, i) => {
      assert.ok(Math.abs(value - expected[part][i]) <= 1e-6, `${part}[${i}] is ${value}, in Node ${expected[part][i]}`);
    });
  }
}

let expected;
await test("trains in Node without its optional dependencies", async () => {
  expected = await outputOf(process.execPath, [inFolder("print.js")]);
  assert.ok(expected.losses[2] < expected.losses[0]);
});

await test("goes on with defaults where Node permits nothing but to read files", async () => {
  const flag = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
  const args = ["--no-warnings", flag, "--allow-fs-read=*", inFolder("print.js")];
  sameNumbers(await outputOf(process.execPath, args), expected);
});

await test("is read by require, without a warning", async () => {
  const counts = await outputOf(process.execPath, [inFolder("require.cjs")]);
  assert.ok(counts.length === doors.length && counts.every((count) => count > 0));
});

await test("compiles for users with every way to resolve packages, declarations checked", () => {
  assert.deepEqual(typeErrors(folder, doors), []);
});

await test("satisfies publint", async () => {
  const { code, printed } = await runNode(
    [inModules("publint", "src", "cli.js"), "run", installed, "--strict", "--pack", "false"],
    { output: "quiet" },
  );
  assert.equal(code, 0, printed);
  assert.match(printed, /All good!/);
});

await test("satisfies Are the Types Wrong, as modules only", async () => {
  const attw = inModules("@arethetypeswrong", "cli", "dist", "index.js");
  const { code, printed } = await runNode([attw, tarball, "--profile", "esm-only", "--no-color"], { output: "quiet" });
  assert.equal(code, 0, printed);
});

await test("holds no sources in its source maps", () => {
  const map = JSON.parse(readFileSync(path.join(installed, "dist", "index.js.map"), "utf8"));
  assert.equal(map.sourcesContent, undefined);
  const packed = statSync(tarball).size;
  assert.ok(packed < 900_000, `the packed file has ${packed} bytes`);
  return `${(packed / 1000).toFixed(0)} kB packed`;
});

/** Bundles a program and runs it in pages. */
async function pageTests(browser, [name, { bundle, module }], { entry, what, given, check }) {
  const outdir = path.join("bundles", `${name} ${entry}`.replaceAll(/\W+/g, "-"));
  await test(`${name} bundles ${what} for browsers, without a word`, async () => {
    assert.deepEqual(await bundle({ folder, entry, outdir, minify: entry === "page.js" }), []);
  });
  for (const isolated of [false, true]) {
    const title = `${what} by ${name} runs in ${isolated ? "an isolated page, with threads" : "a page"}`;
    if (!browser) skip(title, "no Chromium found (set CHROMIUM_PATH)");
    else
      await test(title, async () => check(await answerInPage(browser, inFolder(outdir), { module, isolated }, given)));
  }
}

async function allPageTests() {
  const programs = [
    { entry: "page.js", what: "a training", given: [2], check: (answer) => sameNumbers(answer, expected) },
    {
      entry: "doors.js",
      what: "every door",
      given: [],
      check: (counts) => assert.ok(counts.length === doors.length && counts.every((count) => count > 0)),
    },
  ];
  const executablePath = findChromium();
  const browser = executablePath === undefined ? undefined : await launch(executablePath);
  try {
    for (const bundler of Object.entries(bundlers)) {
      for (const program of programs) await pageTests(browser, bundler, program);
    }
  } finally {
    await browser?.close();
  }
}

/** What a page pays, and the most kilobytes, minified and zipped, that it may. */
async function sizeTests() {
  const { bundle } = bundlers["esbuild, one module"];
  const limits = {
    "size-layer.js": ["dense", 15],
    "size-model.js": ["sequential, dense and simpleRNN", 115],
    "size-load.js": ["loadModel", 134],
  };
  for (const [entry, [what, limit]] of Object.entries(limits)) {
    await test(`a page with ${what} reads at most ${limit} kB`, async () => {
      const outdir = path.join("bundles", entry);
      assert.deepEqual(await bundle({ folder, entry, outdir, minify: true }), []);
      const code = readFileSync(inFolder(path.join(outdir, "main.js")));
      const zipped = gzipSync(code).length;
      assert.ok(zipped <= 1000 * limit, `${zipped} bytes`);
      return `${(code.length / 1000).toFixed(0)} kB minified, ${(zipped / 1000).toFixed(0)} kB zipped`;
    });
  }
}

/** Deno and Bun, where they are found; `none` permits nothing. */
async function hostTests() {
  const hosts = {
    deno: { name: "Deno", all: ["run", "-A", "--no-prompt"], none: ["run", "--no-prompt", "--cached-only"] },
    bun: { name: "Bun", all: [] },
  };
  for (const [command, { name, all, none }] of Object.entries(hosts)) {
    const found = findHost(command);
    const hostTest = (title, action) =>
      found ? test(title, action) : skip(title, `no ${name} found (set ${command.toUpperCase()}_PATH)`);
    const program = inFolder("print.js");
    await hostTest(`trains in ${name}`, async () => sameNumbers(await outputOf(found, [...all, program]), expected));
    await hostTest(`tavali doctor names ${name}`, async () => {
      const doctor = [path.join(installed, "bin", "tavali.mjs"), "doctor"];
      const { code, printed } = await run(found, [...all, ...doctor], { output: "quiet" });
      assert.equal(code, 0, printed);
      assert.match(printed, new RegExp(`, ${name} \\d`));
    });
    if (none === undefined) continue;
    await hostTest(`goes on with defaults where ${name} permits nothing`, async () => {
      sameNumbers(await outputOf(found, [...none, program]), expected);
    });
  }
}

await allPageTests();
await sizeTests();
await hostTests();
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
