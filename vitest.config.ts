/**
 * Three projects. `source` and `readme` read src/ and resolve the package's own name to it; `built` resolves it to
 * dist/, as users get it. Both tables follow from `exports` in package.json.
 */
import path from "node:path";
import { defineConfig } from "vitest/config";
import packageJson from "./package.json" with { type: "json" };

const names = (toFile: (built: string) => string) =>
  Object.entries(packageJson.exports).map(([door, { default: built }]) => ({
    find: new RegExp(`^${path.posix.join(packageJson.name, door)}$`),
    replacement: path.resolve(import.meta.dirname, toFile(built)),
  }));
const toBuilt = names((built) => built);
const toSource = names((built) => built.replace(/^\.\/dist\//, "src/").replace(/\.js$/, ".ts"));

export default defineConfig({
  test: {
    testTimeout: 60_000,
    pool: "threads",
    // All cores: Vitest would leave one of two idle.
    maxWorkers: "100%",
    // TAVALI_WITHOUT=sink,fusion: every program is compiled without them.
    setupFiles: process.env.TAVALI_WITHOUT ? ["tests/conformance/compile-without.ts"] : [],
    projects: [
      {
        extends: true,
        resolve: { alias: toSource },
        test: {
          name: "source",
          include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
          exclude: ["tests/runtime/**", "tests/browser/**", "tests/house/readme.test.ts"],
        },
      },
      {
        extends: true,
        resolve: { alias: toSource },
        // Processes, not threads: the examples run in a folder of their own, and only a process can change folder.
        test: { name: "readme", include: ["tests/house/readme.test.ts"], pool: "forks" },
      },
      {
        extends: true,
        resolve: { alias: toBuilt },
        test: { name: "built", include: ["tests/runtime/**/*.test.ts"] },
      },
    ],
  },
});
