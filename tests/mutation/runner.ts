/**
 * A Vitest that stays: a child process of `mutate.ts` that takes a mutant and its test files by message and answers whether they pass.
 * Transformed files are kept, so a mutant costs only its tests and one import of the source.
 */
import path from "node:path";
import { createVitest } from "vitest/node";
import { root } from "../house/source.js";
import config, { type Replacement } from "./vitest.config.js";

export interface Task {
  readonly mutant: Replacement | undefined;
  readonly tests: readonly string[];
}

export interface Answer {
  readonly passed: boolean;
  /** The titles of the files that fail. */
  readonly failed: readonly string[];
  /** How long each test file has run. */
  readonly seconds: Readonly<Record<string, number>>;
}

let mutant: Replacement | undefined;
const mutants = {
  name: "mutant-of-task",
  enforce: "pre" as const,
  load: (id: string) => (mutant && id === path.join(root, mutant.file) ? mutant.text : undefined),
};
const vitest = await createVitest(
  "test",
  { ...config.test, config: false, watch: false, isolate: false, bail: 1, reporters: [{}], cache: false },
  { root, resolve: config.resolve ?? {}, plugins: [mutants], logLevel: "silent" },
);
await vitest.standalone();

/** Runs the tests with the mutant in place of its file. */
async function run(task: Task): Promise<Answer> {
  if (mutant) vitest.invalidateFile(path.join(root, mutant.file));
  mutant = task.mutant;
  if (mutant) vitest.invalidateFile(path.join(root, mutant.file));
  // `bail` counts what failed since the files were cleared.
  vitest.state.filesMap.clear();
  const project = vitest.getRootProject();
  const files = task.tests.map((test) => project.createSpecification(path.join(root, test)));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(files);
  const failed = testModules.filter((module) => module.state() === "failed").map((module) => module.relativeModuleId);
  const seconds = Object.fromEntries(
    testModules.map((module) => [module.relativeModuleId, module.diagnostic().duration / 1000]),
  );
  return { passed: failed.length === 0 && unhandledErrors.length === 0 && testModules.length > 0, failed, seconds };
}

process.on("message", async (task: Task) => {
  try {
    process.send!(await run(task));
  } catch (error) {
    process.send!({ passed: false, failed: [String(error)], seconds: {} } satisfies Answer);
  }
});
process.on("disconnect", () => process.exit());
process.send!("ready");
