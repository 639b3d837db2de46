/**
 * Tests of the built package in a real Chromium (CHROMIUM_PATH, else where it is usually found): `node tests/browser/run.mjs`.
 * The last line is "N passed, N failed, N skipped".
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright";
import { findChromium } from "../../scripts/chromium.mjs";
import { root, stop } from "../../scripts/setup.mjs";
import { servePackage } from "./serve-package.mjs";

const texts = [
  "The plot was hardly dull, yet I regretted the ending.",
  "a superb film",
  "",
  "zzz unheard of",
  "not bad",
];
const tolerance = 1e-5;

const cases = {
  "every door of the package opens in a page": async ({ inPage }) => {
    for (const exported of await inPage("doors")) assert.ok(exported > 0);
  },
  "every door of the package opens in a worker": async ({ inWorker }) => {
    for (const exported of await inWorker("doors")) assert.ok(exported > 0);
  },
  "a model that Node trained predicts the same in a page": async ({ inPage, inNode }) => {
    const { bytes } = await inNode("train", { encoder: "last" });
    near(await inPage("predict", bytes, texts), await inNode("predict", bytes, texts));
  },
  "a model learns in a page, and predicts the same in Node": async ({ inPage, inNode }) => {
    const { bytes, losses, accuracy } = await inPage("train", { encoder: "last" });
    learnt(losses, accuracy);
    near(await inPage("predict", bytes, texts), await inNode("predict", bytes, texts));
  },
  "a model learns in a worker, and predicts the same in Node": async ({ inWorker, inNode }) => {
    const { bytes, losses, accuracy } = await inWorker("train", {
      cell: "gru",
      bidirectional: true,
      encoder: "attention",
    });
    learnt(losses, accuracy);
    near(await inWorker("predict", bytes, texts), await inNode("predict", bytes, texts));
  },
  "a language model that Node trained writes the same in a page and in a worker": async ({
    inPage,
    inWorker,
    inNode,
  }) => {
    const { bytes } = await inNode("trainWriter");
    const written = await inNode("write", bytes, "the film ");
    for (const other of [await inPage("write", bytes, "the film "), await inWorker("write", bytes, "the film ")]) {
      assert.equal(other.text, written.text);
      near([other.logProbability / 80], [written.logProbability / 80]);
    }
  },
  "a tagger that Node trained finds the same entities in a page and in a worker": async ({
    inPage,
    inWorker,
    inNode,
  }) => {
    const { bytes } = await inNode("trainMarker");
    const text = "Stella Hansen visited Drelville. Then Mr. Okafor left Norwick for the Brinley Institute.";
    const found = await inNode("mark", bytes, text);
    assert.ok(found.length > 0);
    assert.deepEqual(await inPage("mark", bytes, text), found);
    assert.deepEqual(await inWorker("mark", bytes, text), found);
  },
  "a damaged model file is refused in a page as in Node": async ({ inPage, inNode }) => {
    const { bytes } = await inNode("train", { encoder: "max" });
    assert.match(await inPage("refuse", bytes), /^FormatError: damaged\.tavali: the checksum is wrong/);
  },
  "texts become the same ids in a page and a worker as in Node": async ({ inPage, inWorker, inNode }) => {
    const text = "A man, a plan… او می‌رود و كتاب هاي خوب 👩‍👩‍👧 中文字。\nA man, a plan";
    const expected = await inNode("ids", text);
    assert.deepEqual(await inPage("ids", text), expected);
    assert.deepEqual(await inWorker("ids", text), expected);
  },
  "nothing was written to the console, and nothing was asked of other hosts": async ({ complaints }) => {
    assert.deepEqual(complaints, []);
  },
};

function near(actual, expected) {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) <= tolerance, `prediction ${i}: ${value} is not near ${expected[i]}`);
  });
}

function learnt(losses, accuracy) {
  assert.ok(losses.at(-1) < 0.7 * losses[0], `losses ${losses}`);
  assert.ok(accuracy > 0.7, `test accuracy ${accuracy}`);
}

const executablePath = findChromium();
if (executablePath === undefined) stop("No Chromium found: install one, or set CHROMIUM_PATH.");
if (!existsSync(path.join(root, "dist", "index.js"))) stop("The package is not built: npm run build");

const browser = await chromium.launch({
  executablePath,
  args: [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const { tasks } = await import("./tasks.js");
let passed = 0;
let failed = 0;

function report(title, begin, error) {
  if (error === undefined) {
    passed++;
    console.log(` ✓ ${title} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
  } else {
    failed++;
    console.log(` ✗ ${title}\n   ${String(error?.stack ?? error).replaceAll("\n", "\n   ")}`);
  }
}

/** Runs every case on pages of one kind. */
async function runCases(kind, isolated) {
  const { origin, close } = await servePackage(isolated);
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin)) complaints.push(request.url());
  });
  const here = {
    complaints,
    inNode: (name, ...input) => tasks[name](...input),
    inPage: (name, ...input) => page.evaluate(([called, given]) => window.inPage(called, given), [name, input]),
    inWorker: (name, ...input) => page.evaluate(([called, given]) => window.inWorker(called, given), [name, input]),
  };
  console.log(kind);
  try {
    await page.goto(`${origin}/tests/browser/page.html`);
    await page
      .waitForFunction(() => window.ready === true, undefined, { timeout: 30_000 })
      .catch(() => {
        throw new Error(`the page did not start: ${complaints.join("; ")}`);
      });
    assert.equal(await page.evaluate(() => globalThis.crossOriginIsolated), isolated);
    for (const [title, test] of Object.entries(cases)) {
      const begin = performance.now();
      await test(here).then(
        () => report(title, begin),
        (error) => report(title, begin, error ?? "failed"),
      );
    }
  } catch (error) {
    report("the page opens", 0, error);
  } finally {
    await page.close();
    close();
  }
}

try {
  await runCases("pages as they come", false);
  await runCases("isolated pages, where batches are shared among threads", true);
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 ? 1 : 0;
