/** The suite of the source, for mutants: `MUTANT` names a JSON file `{ file, text }`, whose text is read instead of the file's. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vitest/config";
import base from "../../vitest.config.js";

/** A file of src/, and the text that is read instead of its own. */
export interface Replacement {
  readonly file: string;
  readonly text: string;
}

const { MUTANT: mutantFile } = process.env;
const root = path.resolve(import.meta.dirname, "../..");
const mutant: Replacement | undefined = mutantFile && JSON.parse(readFileSync(mutantFile, "utf8"));

const source = base.test?.projects?.[0];
if (typeof source !== "object" || !("resolve" in source)) throw new Error("vitest.config.ts begins with the source");

export default defineConfig({
  root,
  resolve: source.resolve,
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      load: (id) => (mutant && id === path.join(root, mutant.file) ? mutant.text : undefined),
    },
  ],
  test: {
    ...source.test,
    testTimeout: 60_000,
    pool: "threads",
    maxWorkers: 1,
    bail: mutant ? 1 : 0,
  },
});
