/** Bundles in a real Chromium, on pages with a strict Content-Security-Policy: what docs/browser.md says a server must allow, and no more. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { chromium } from "playwright";

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; img-src data:";
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** Starts a browser. @param {string} executablePath */
export function launch(executablePath) {
  const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-sync", ...quiet] });
}

/** Serves a folder with a page that reads its main.js. */
async function serve(folder, { module, isolated }) {
  const script = `<script ${module ? 'type="module" ' : ""}src="/main.js"></script>`;
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${script}`;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const headers = { "content-security-policy": policy, ...(isolated ? isolation : {}) };
    if (pathname === "/") return response.writeHead(200, { ...headers, "content-type": "text/html" }).end(page);
    try {
      const body = readFileSync(path.join(folder, path.posix.normalize(pathname)));
      response.writeHead(200, { ...headers, "content-type": "text/javascript" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/**
 * What `answer(...given)` of a bundle gives in a page. Whatever the console says, and every address asked of elsewhere, is an error.
 *
 * @param {{ module: boolean, isolated: boolean }} kind whether main.js is a module, and whether the page may share memory
 */
export async function answerInPage(browser, folder, kind, given) {
  const { origin, close } = await serve(folder, kind);
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin)) complaints.push(request.url());
  });
  try {
    await page.goto(origin);
    const started = page.waitForFunction(() => "answer" in globalThis, undefined, { timeout: 30_000 });
    await started.catch(() => complaints.push("the page did not start"));
    const shares = await page.evaluate(() => globalThis.crossOriginIsolated);
    if (shares !== kind.isolated) complaints.push(`crossOriginIsolated is ${shares}`);
    const result =
      complaints.length === 0 ? await page.evaluate((args) => globalThis.answer(...args), given) : undefined;
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
    return result;
  } finally {
    await page.close();
    close();
  }
}
