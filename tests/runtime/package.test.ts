/** What the package ships: few files to read, no Node in what a browser reads, and declarations that lead somewhere. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { recipes } from "tavali/recipes";
import { describe, expect, it, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { nodePackages } from "../house/layers.js";
import { parseSource } from "../house/source.js";
import { root } from "./tavali.js";

interface Reach {
  /** Relative to the root of the repository. */
  readonly files: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

/**
 * What importing a file brings with it.
 *
 * @param fileOf where a relative import leads
 * @param late with what is imported only when it is wanted
 */
function reachOf(entry: string, fileOf = (file: string) => file, late = false): Reach {
  const files = new Set([path.posix.normalize(entry)]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const { specifier, kind } of parseSource(file, readFileSync(path.join(root, file), "utf8")).imports) {
      if (kind === "dynamic" && !late) continue;
      if (specifier.startsWith(".")) files.add(fileOf(path.posix.join(path.posix.dirname(file), specifier)));
      else packages.add(specifier);
    }
  }
  return { files, packages };
}

const doors = Object.entries(manifest.exports);

describe.each(doors)("the door %s", (_, { default: code, types }) => {
  it("reads few files, and nothing that only Node has", () => {
    const { files, packages } = reachOf(code);
    expect(files.size).toBeLessThanOrEqual(code.includes("recipes") ? 48 : 25);
    expect([...packages].filter((name) => name.startsWith("node:") || nodePackages.includes(name))).toEqual([]);
  });

  it("leads a bundler to no module of Node and no package that runs there alone, however late it is imported", () => {
    const { packages } = reachOf(code, undefined, true);
    const known = Object.keys(manifest.dependencies).filter((name) => !nodePackages.includes(name));
    expect([...packages].filter((name) => !known.includes(name))).toEqual([]);
  });

  it("has declarations whose every import is there", () => {
    // Reads them all, and would say which is missing.
    expect(reachOf(types, (file) => file.replace(/\.js$/, ".d.ts")).files.size).toBeGreaterThan(1);
  });
});

test("help needs a handful of files, and the description of each recipe", () => {
  const { files, packages } = reachOf("dist/cli/main.js");
  expect(files.size).toBeLessThanOrEqual(9 + recipes.length);
  expect([...packages].toSorted()).toEqual(["commander", "node:fs", "node:util"]);
});
