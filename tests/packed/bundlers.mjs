/**
 * The bundlers that users have, with their settings for browsers. Each takes the file `entry` of `folder`, writes to `outdir`, and gives
 * what it complained of; a page is to read main.js. None has to make the code small where only its complaints matter.
 */
import path from "node:path";
import * as esbuild from "esbuild";
import { build as viteBuild } from "vite";
import webpack from "webpack";

const messagesOf = ({ errors, warnings }) => [...errors, ...warnings].map(({ text }) => text);

const withEsbuild =
  (options) =>
  async ({ folder, entry, outdir, minify }) => {
    const result = await esbuild
      .build({
        absWorkingDir: folder,
        entryPoints: { main: entry },
        outdir,
        bundle: true,
        minify,
        logLevel: "silent",
        ...options,
      })
      .catch((failure) => failure);
    return messagesOf(result);
  };

async function withWebpack({ folder, entry, outdir, minify }) {
  const configuration = {
    mode: "production",
    context: folder,
    entry: { main: `./${entry}` },
    output: { path: path.join(folder, outdir), filename: "main.js" },
    ...(minify ? {} : { optimization: { minimize: false } }),
    // Its advice on the size of pages is no complaint about the package.
    performance: { hints: false },
  };
  const stats = await new Promise((resolve, reject) => {
    webpack(configuration, (error, result) => (error ? reject(error) : resolve(result)));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  return [...errors, ...warnings].map(({ message }) => message);
}

async function withVite({ folder, entry, outdir, minify }) {
  const complaints = [];
  const complain = (message) => complaints.push(String(message));
  const customLogger = {
    hasWarned: false,
    hasErrorLogged: () => false,
    clearScreen() {},
    info() {},
    warn: complain,
    warnOnce: complain,
    error: complain,
  };
  await viteBuild({
    root: folder,
    configFile: false,
    logLevel: "warn",
    customLogger,
    // Its advice on the size of pages is no complaint about the package.
    build: {
      outDir: outdir,
      ...(minify ? {} : { minify: false }),
      chunkSizeWarningLimit: 2000,
      rollupOptions: { input: entry, output: { entryFileNames: "main.js" } },
    },
  }).catch(complain);
  return complaints;
}

/** By name; `module` says whether a page reads main.js as a module. */
export const bundlers = {
  "esbuild, one module": { bundle: withEsbuild({ format: "esm" }), module: true },
  "esbuild, split": { bundle: withEsbuild({ format: "esm", splitting: true }), module: true },
  "esbuild, a classic script": { bundle: withEsbuild({ format: "iife" }), module: false },
  "webpack 5": { bundle: withWebpack, module: false },
  "Vite 8": { bundle: withVite, module: true },
};
