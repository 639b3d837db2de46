/** The test files that a mutant is run against, by the graph of imports: the nearest first. */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { isTest, listFiles, parseSource, resolveImport, root, type SourceFile } from "../house/source.js";

/** Suites that test no behaviour of the source, that take minutes, or that need the built package. */
const skipped = /^tests\/(house|hostile|bench|learning|runtime|browser|packed|mutation)\//;
/** Modules that import everything: a test that reaches a file only through one of them is far from it. */
const FAR = 6;

const files = new Map<string, SourceFile>();
for (const file of [...listFiles("src"), ...listFiles("tests")].filter((name) => name.endsWith(".ts")))
  files.set(file, parseSource(file, readFileSync(path.join(root, file), "utf8")));

const doors = new Map(
  Object.entries(packageJson.exports).map(([door, { default: built }]) => [
    path.posix.join(packageJson.name, door),
    built.replace(/^\.\/dist\//, "src/").replace(/\.js$/, ".ts"),
  ]),
);
const entries = new Set(doors.values());

function importsOf(file: string): string[] {
  const resolved = (files.get(file)?.imports ?? [])
    .filter(({ kind }) => kind !== "type")
    .map(({ specifier }) => doors.get(specifier) ?? resolveImport(file, specifier));
  return resolved.filter((name): name is string => name !== undefined && existsSync(path.join(root, name)));
}

/** How many imports lie between a test and each file that it reaches. */
function distancesFrom(test: string): Map<string, number> {
  const distances = new Map([[test, 0]]);
  const buckets: string[][] = [[test]];
  for (let distance = 0; distance < buckets.length; distance++) {
    for (const file of buckets[distance] ?? []) {
      if (distances.get(file) !== distance) continue;
      for (const next of importsOf(file)) {
        const at = distance + (entries.has(next) ? FAR : 1);
        if (at >= (distances.get(next) ?? Infinity)) continue;
        distances.set(next, at);
        buckets[at] = [...(buckets[at] ?? []), next];
      }
    }
  }
  return distances;
}

const tests = [...files.keys()]
  .filter((file) => isTest(file) && !skipped.test(file))
  .map((test) => ({ test, text: files.get(test)!.text, distances: distancesFrom(test) }));

/** The names that a file exports: a test that writes one of them is near to it. */
function exportedNames(text: string): string[] {
  return [...text.matchAll(/^export (?:async )?(?:function\*?|class|const) (\w+)/gm)].map(([, name]) => name!);
}

/**
 * The test files that reach a file of src/: those of its name and beside it, then those
 * that import its folder, name what it exports or hold numbers of Keras, then the rest by distance.
 */
export function suitesOf(file: string): string[] {
  const folder = path.posix.dirname(file);
  const room = file.split("/").slice(0, 2).join("/");
  const names = exportedNames(files.get(file)!.text).map((name) => new RegExp(`\\b${name}\\b`));
  const scored = tests.flatMap(({ test, text, distances }) => {
    const distance = distances.get(file);
    if (distance === undefined) return [];
    const near = test.startsWith(`${folder}/`) ? 5 : test.startsWith(`${room}/`) ? 3 : 0;
    const named = names.some((name) => name.test(text)) ? 5 : 0;
    const imports = importsOf(test).some((name) => name.startsWith(`${room}/`)) ? 4 : 0;
    const golden = test.startsWith("tests/golden/") ? 6 : 0;
    const namesake = path.basename(test, ".test.ts") === path.basename(file, ".ts") ? 10 : 0;
    return [{ test, score: distance - near - named - imports - golden - namesake }];
  });
  scored.sort((a, b) => a.score - b.score || a.test.localeCompare(b.test));
  return scored.map(({ test }) => test);
}
