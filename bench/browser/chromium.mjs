/**
 * A headless Chromium as a measured process: serves what src/ and bench/ were bundled to on a cross-origin isolated page, where threads can
 * share memory, and passes the requests of line-protocol.ts on to a worker of it.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright";
import { findChromium } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/setup.mjs";
import { servePackage } from "../../tests/browser/serve-package.mjs";

const compiled = path.join(root, ".cache", "bench", "protocol", "line-protocol.js");
const { Cannot, serve } = await import(pathToFileURL(compiled).href);
const executablePath = findChromium();

let page;

async function openPage() {
  if (executablePath === undefined) throw new Cannot("no Chromium was found; install one, or set CHROMIUM_PATH");
  const { origin } = await servePackage(true, [path.join("bench", "browser"), path.join(".cache", "bench")]);
  const args = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
  const browser = await chromium.launch({ executablePath, args });
  process.stdin.once("end", () => browser.close());
  page = await browser.newPage();
  await page.goto(`${origin}/bench/browser/page.html`);
  await page.waitForFunction(() => "ask" in window && window.crossOriginIsolated);
  return { chromium: browser.version() };
}

async function ask(request) {
  const answer = await page.evaluate((asked) => window.ask(asked), request);
  if (answer.error) throw new Error(answer.error);
  return answer;
}

await serve({
  async prepare({ folder, threads, variant }) {
    const versions = await openPage();
    const address = `/${path.relative(root, folder).split(path.sep).join("/")}`;
    return { ...(await ask({ do: "prepare", folder: address, threads, variant })), versions };
  },
  run: async (count) => (await ask({ do: "run", count })).times,
});
