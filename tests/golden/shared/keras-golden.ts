/**
 * The folder shared/keras-golden, where it lies beside the clone: recorded numbers of Keras 3.15.1 that are not part of the repository.
 * Where it is absent its tests are skipped, and say so. Every case is run; one that cannot agree is an exception with a reason and the
 * error it ends in, so that an exception that begins to pass turns the test red.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { engines } from "../golden.js";

const folder = new URL("../../../../shared/keras-golden/", import.meta.url);
const present = existsSync(folder);

/** Why a case differs from Keras, or cannot be run, and what its check then says. */
export interface Exception {
  readonly because: string;
  readonly fails: RegExp;
}

/** By a case's title. */
export type Exceptions = Readonly<Record<string, Exception>>;
type EngineRow = (typeof engines)[number];

/** The names of the folder's JSON files; none where it is absent. */
export const sharedFiles = (): string[] =>
  present ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];

/** A file of the folder; undefined where that is absent. */
export const sharedFile = <Content>(file: string): Content | undefined =>
  present ? JSON.parse(readFileSync(new URL(file, folder), "utf8")) : undefined;

/** The cases of a file; none where the folder is absent. */
export const sharedCases = <Case>(file: string): Case[] => sharedFile<{ cases: Case[] }>(file)?.cases ?? [];

/** Tests that are skipped where the folder is absent. */
export function describeShared(title: string, tests: () => void): void {
  const reason = present ? "" : ": skipped, as the folder shared/keras-golden does not lie beside the clone";
  // The folder is not part of the repository: where it is absent, there is nothing to read.
  describe.skipIf(!present)(`${title}${reason}`, tests);
}

/** Runs every case in every engine; those of one title are told apart by their number. */
export function holdCases<Case>(
  file: string,
  cases: readonly Case[],
  titleOf: (golden: Case) => string,
  check: (golden: Case, engine: EngineRow) => void | Promise<void>,
  exceptions: Exceptions = {},
): void {
  const titles = cases.map(titleOf);
  const titled = cases.map((golden, i) => {
    const before = titles.slice(0, i).filter((title) => title === titles[i]).length;
    return [before > 0 ? `${titles[i]} #${before + 1}` : titles[i]!, golden] as const;
  });
  describeShared(file, () => {
    it("has cases, and one for every exception", () => {
      expect(cases.length).toBeGreaterThan(2);
      const known = titled.map(([title]) => title);
      expect(Object.keys(exceptions).filter((title) => !known.includes(title))).toEqual([]);
    });

    describe.each(engines)("in %s", (...engine) => {
      it.each(titled)("%s", async (title, golden) => {
        const run = async () => check(golden, engine);
        const exception = exceptions[title];
        if (!exception) return run();
        await expect(run(), `an exception (${exception.because}) that may be over`).rejects.toThrow(exception.fails);
      });
    });
  });
}
