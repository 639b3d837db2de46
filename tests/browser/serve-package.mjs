/**
 * A loopback server of the built package for a browser that bundles nothing: dist/ and the packages it imports, each CommonJS package wrapped
 * as a module. Pages get an import map. Workers have none, so below /worker/ the same files come with every bare import already resolved.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "../../scripts/setup.mjs";

const require = createRequire(path.join(root, "package.json"));
const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), "utf8"));
const types = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".html": "text/html",
  ".json": "application/json",
};

/** What a browser takes from a package's `exports`, else its main file. */
function entryOf({ exports, main }) {
  let target = exports?.["."] ?? exports;
  while (target && typeof target === "object") target = target.import ?? target.browser ?? target.default;
  return (target ?? main ?? "index.js").replace(/^\.\//, "");
}

/** Bare specifier → address, for the package's own doors and all that they import, and theirs. */
export function importMap() {
  const { name, exports, dependencies } = readJson("package.json");
  const doors = Object.entries(exports).map(([door, { default: file }]) => [
    path.posix.join(name, door),
    file.slice(1),
  ]);
  const packages = new Map();
  const visit = (dependency) => {
    if (packages.has(dependency)) return;
    const manifest = readJson(`node_modules/${dependency}/package.json`);
    packages.set(dependency, `/node_modules/${dependency}/${entryOf(manifest)}`);
    for (const next of Object.keys(manifest.dependencies ?? {})) visit(next);
  };
  for (const dependency of Object.keys(dependencies)) visit(dependency);
  return Object.fromEntries([...doors, ...packages]);
}

/** A CommonJS file as a module with the same names. */
function asModule(file, code) {
  const exported = require(file);
  const names = Object.keys(exported).filter((name) => /^[\w$]+$/.test(name) && name !== "default");
  const bindings = names.map((name) => `export const ${name} = module.exports.${name};`).join("\n");
  return `const module = { exports: {} };\n(function (module, exports) {\n${code}\n}).call(globalThis, module, module.exports);\nexport default module.exports;\n${bindings}\n`;
}

function isCommonJs(file) {
  if (!/node_modules/.test(file) || file.endsWith(".mjs")) return false;
  const [, name] = file.split(/node_modules[\\/]/);
  const { type, module } = readJson(`node_modules/${name.split(/[\\/]/)[0]}/package.json`);
  // A package without "type" may still hold modules, in a folder of their own.
  return type !== "module" && !(module && /[\\/](esm|es)[\\/]/.test(file));
}

/** Puts addresses in place of bare specifiers, and leads relative ones to /worker/ by themselves. */
function resolved(code, imports) {
  return code.replace(/(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'.\n][^"'\n]*)\2/g, (found, before, quote, name) =>
    imports[name] ? `${before}${quote}/worker${imports[name]}${quote}` : found,
  );
}

/** What a page must be served with to share memory between threads. */
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/**
 * Serves until `close` is called.
 *
 * @param {boolean} isolated whether pages are cross-origin isolated, so that threads can share memory
 * @param {readonly string[]} [more] further folders to serve, from the root of the repository
 * @returns {Promise<{ origin: string, close: () => void }>}
 */
export async function servePackage(isolated, more = []) {
  const imports = importMap();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const forWorker = pathname.startsWith("/worker/");
    const file = path.join(root, forWorker ? pathname.slice("/worker".length) : pathname);
    const allowed = ["dist", "node_modules", path.join("tests", "browser"), ...more].some((folder) =>
      file.startsWith(path.join(root, folder) + path.sep),
    );
    try {
      if (!allowed) throw new Error("outside what is served");
      const bytes = await readFile(file);
      const type = types[path.extname(file)] ?? "application/octet-stream";
      let body = bytes;
      if (type === "text/javascript" && isCommonJs(file)) body = asModule(file, bytes.toString());
      if (type === "text/javascript" && forWorker) body = resolved(body.toString(), imports);
      if (type === "text/html")
        body = bytes.toString().replace('"importmap">{}', `"importmap">${JSON.stringify({ imports })}`);
      response.writeHead(200, { "content-type": type, ...(isolated ? isolation : {}) }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
