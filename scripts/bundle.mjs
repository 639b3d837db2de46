/**
 * How TypeScript becomes the JavaScript that runs: in a few files, which Node finds and reads several times as fast as hundreds.
 * What only some hosts or commands need stays in files of its own, read when it is imported: the adapters to Node, each command of the
 * command line. Packages stay outside.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { root } from "./setup.mjs";

/** What the package says of itself. */
export const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/**
 * Writes modules for the files `entryPoints` to `outdir`, which lie there as they lie in `outbase`; what several of them need goes to
 * files in `shared/`. Code of earlier builds is deleted: the names of shared files change with what is in them. A namespace that an entry
 * point exports, `export * as layers from "./layers/public.js"`, stays a module: as an object, pages would read all of it, used or not.
 *
 * @param {{ entryPoints: readonly string[], namespaces?: readonly string[], outbase: string, outdir: string }} options paths from the root of the repository
 */
export async function bundle({ entryPoints, namespaces = [], outbase, outdir }) {
  const { dependencies, optionalDependencies } = manifest;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...entryPoints, ...namespaces],
    plugins: [outside(namespaces, entryPoints)],
    outbase,
    outdir,
    chunkNames: "shared/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: ["node:*", ...Object.keys({ ...dependencies, ...optionalDependencies })],
    sourcemap: true,
    // Half of what is installed would be sources.
    sourcesContent: false,
    metafile: true,
    logLevel: "error",
  });
  const written = new Set(Object.keys(metafile.outputs));
  for (const name of readdirSync(path.join(root, outdir), { recursive: true })) {
    const file = path.posix.join(outdir, name.replaceAll(path.sep, "/"));
    if (/\.(js|map)$/.test(name) && !written.has(file)) rmSync(path.join(root, file));
  }
}

/** Leaves imports of these files by others as they are. @returns {import("esbuild").Plugin} */
function outside(files, others) {
  const fromRoot = (file) => path.relative(root, file).replaceAll(path.sep, "/");
  return {
    name: "outside",
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\..*\.js$/ }, ({ path: name, importer, resolveDir }) => {
        const file = fromRoot(path.join(resolveDir, name)).replace(/\.js$/, ".ts");
        return files.includes(file) && others.includes(fromRoot(importer)) ? { path: name, external: true } : undefined;
      }),
  };
}
