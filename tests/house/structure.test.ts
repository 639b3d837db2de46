/**
 * The rules of the house, proved on every run. Each rule is first shown a sample that breaks it, so that a rule which
 * cannot fail is noticed, and then the real files.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { nodeLeaks } from "./hosts.js";
import { ground, layers, nodePackages } from "./layers.js";
import {
  createProgram,
  type Manifest,
  missingDoors,
  sourceOf,
  undocumented,
  wrongDependencies,
} from "./package-doors.js";
import {
  clausesForNouns,
  findCycles,
  importGraph,
  notKebabCase,
  roomsBelow,
  silencedTests,
  tooLong,
  tooLongFunctions,
  unfinished,
  unusedPermissions,
  vagueNames,
  wrongDirections,
} from "./rules.js";
import { isTest, listFiles, parseSource, readSources, root } from "./source.js";

const exists = (file: string): boolean => existsSync(path.join(root, file));
const manifest: Manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const sources = readSources("src");
const tests = [...sources.filter(({ path: file }) => isTest(file)), ...readSources("tests")];
const allFiles = ["src", "tests", "scripts", "bin", "bench"].flatMap(listFiles);

const sample = (file: string, text: string) => [parseSource(file, text)];

describe("imports go one way", () => {
  test("a room that imports what stands on it is reported", () => {
    expect(wrongDirections(sample("src/tensor/a.ts", `import { x } from "../cells/b.js";`), layers)).toEqual([
      "src/tensor/a.ts:1 imports src/cells/b.ts; tensor may import options, errors (tests/house/layers.ts)",
    ]);
    expect(wrongDirections(sample("src/errors.ts", `export * from "./tensor/shape.js";`), layers)).toHaveLength(1);
    expect(wrongDirections(sample("src/cells/a.ts", `type X = import("../layers/b.js").X;`), layers)).toHaveLength(1);
    expect(wrongDirections(sample("src/cells/a.ts", `await import("../models/b.js");`), layers)).toHaveLength(1);
    expect(wrongDirections(sample("src/cells/a.ts", `import "../../scripts/setup.js";`), layers)).toHaveLength(1);
  });
  test("a room may import itself and what it stands on", () => {
    const text = `import "./b.js"; import "../equations/c.js"; import "../errors.js"; import "node:fs";`;
    expect(wrongDirections(sample("src/cells/a.ts", text), layers)).toEqual([]);
  });
  test("an unknown room is reported with what to do", () => {
    expect(wrongDirections(sample("src/attic/a.ts", ""), layers)[0]).toContain("add it to tests/house/layers.ts");
  });
  test("the table itself has no cycle and names only rooms it holds", () => {
    const rooms = Object.fromEntries(
      Object.entries(layers).map(([room, allowed]) => [room, allowed === "anything" ? [] : [...allowed]]),
    );
    expect(findCycles(rooms)).toEqual([]);
    expect(Object.values(rooms).flatMap((allowed) => allowed.filter((room) => !(room in layers)))).toEqual([]);
  });
  test("a room without files and a permission that nobody uses are reported", () => {
    const table = { cells: ["tensor", "errors"], tensor: ["errors"], attic: [], errors: [] };
    const files = ["src/cells/a.ts", "src/tensor/b.ts", "src/errors.ts"].flatMap((file) =>
      sample(file, file === "src/cells/a.ts" ? `import "../tensor/b.js";` : ""),
    );
    expect(unusedPermissions(files, table, ["errors"])).toEqual([
      "attic is in the table, but has no file in src/ (tests/house/layers.ts)",
    ]);
    expect(unusedPermissions(files, { ...table, tensor: ["cells"] }, ["errors"])).toContain(
      "tensor may import cells, but does not: take it out of tests/house/layers.ts",
    );
    // What only a test imports is not used.
    const test = sample("src/tensor/b.test.ts", `import "../cells/a.js";`);
    expect(unusedPermissions([...files, ...test], { ...table, tensor: ["cells"] }, ["errors"])).toHaveLength(2);
  });
  test("the table holds only rooms that exist, and permissions that are used", () => {
    expect(unusedPermissions(sources, layers, ground)).toEqual([]);
  });
  test("training knows no task and no layer, not even through others", () => {
    expect(roomsBelow("a", { a: ["b"], b: ["c"], c: [] })).toEqual(["b", "c"]);
    const below = roomsBelow("training", layers);
    expect(below).toContain("metrics");
    const forbidden = ["layers", "cells", "models", "execution", "recipes", "text", "datasets", "formats", "engines"];
    expect(below.filter((room) => forbidden.includes(room))).toEqual([]);
  });
  test("src/ keeps to the table", () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(wrongDirections(sources, layers)).toEqual([]);
  });
});

describe("no file imports itself through others", () => {
  test("cycles are found, diamonds are not cycles", () => {
    expect(findCycles({ a: ["b"], b: ["a"] })).toEqual(["a → b → a"]);
    expect(findCycles({ a: ["b"], b: ["c"], c: ["d"], d: ["b"] })).toEqual(["b → c → d → b"]);
    expect(findCycles({ a: ["a"] })).toEqual(["a → a"]);
    expect(findCycles({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] })).toEqual([]);
  });
  test("a type import counts, a dynamic import does not", () => {
    const files = [
      ...sample("src/a.ts", `import type { B } from "./b.js"; const late = import("./c.js");`),
      ...sample("src/b.ts", `export * from "./a.js";`),
    ];
    expect(importGraph(files)).toEqual({ "src/a.ts": ["src/b.ts"], "src/b.ts": ["src/a.ts"] });
  });
  test("src/ has no cycle", () => {
    expect(findCycles(importGraph(sources))).toEqual([]);
  });
});

describe("files stay readable", () => {
  test("a long file is reported, one at the limit is not", () => {
    expect(tooLong([{ path: "a.ts", text: "\n".repeat(351) }], 350)).toHaveLength(1);
    expect(tooLong([{ path: "a.ts", text: "\n".repeat(350) }], 350)).toEqual([]);
  });
  test("no file of src/ has more than 350 lines", () => {
    expect(tooLong(sources, 350)).toEqual([]);
  });
  test("a long function is reported, one at the limit is not", () => {
    const long = (lines: number) => sample("src/a/b.ts", `const f = () => {${"\n".repeat(lines - 1)}};`);
    expect(tooLongFunctions(long(61), 60)).toEqual(["src/a/b.ts:1 has 61 lines; split it, 60 is the most"]);
    expect(tooLongFunctions(long(60), 60)).toEqual([]);
  });
  test("no function of src/ has more than 60 lines, those that write code aside", () => {
    const writesCode = /^src\/engines\/wasm\/(kernels\/|thread-code)/;
    const others = sources.filter(({ path: file }) => !isTest(file) && !writesCode.test(file));
    expect(tooLongFunctions(others, 60)).toEqual([]);
  });
  test("names that say nothing and names not in kebab-case are reported", () => {
    expect(vagueNames(["src/utils/a.ts", "src/a/string-helpers.ts", "src/common.ts", "src/cells/gru.ts"])).toHaveLength(
      3,
    );
    expect(
      notKebabCase(["src/simpleRnn.ts", "src/Cells/gru.ts", "src/a_b.ts", "src/cells/simple-rnn.test.ts"]),
    ).toHaveLength(3);
  });
  test("every name says what it is, in kebab-case", () => {
    expect([...vagueNames(allFiles), ...notKebabCase(allFiles)]).toEqual([]);
  });
  test("words for unfinished work are reported", () => {
    const word = ["TO", "DO"].join("");
    expect(unfinished([{ path: "a.ts", text: `const a = 1;\n// ${word}: more` }])).toHaveLength(1);
    expect(unfinished([{ path: "a.ts", text: "// what to do, and xxxl" }])).toEqual([]);
  });
  test("no work is left unfinished in src/", () => {
    expect(unfinished(sources)).toEqual([]);
  });
  test("comments begin with a noun", () => {
    const clause = ["/** Wh", "at a model reads. */"].join("");
    expect(clausesForNouns([{ path: "a.ts", text: `const a = 1;\n  ${clause}` }])).toHaveLength(1);
    expect(clausesForNouns([{ path: "a.ts", text: "/** Inputs: what a model reads. */" }])).toEqual([]);
    expect(clausesForNouns(sources)).toEqual([]);
  });
  test("a test that runs alone or is left out without a reason is reported", () => {
    expect(silencedTests(sample("a.test.ts", `test.only("a", () => {});`))).toHaveLength(1);
    expect(silencedTests(sample("a.test.ts", `test.skip("a", () => {});`))).toHaveLength(1);
    expect(silencedTests(sample("a.test.ts", `describe.skipIf(slow)("a", () => {});`))).toHaveLength(1);
    expect(silencedTests(sample("a.test.ts", `// This engine has no threads.\ntest.skip("a", () => {});`))).toEqual([]);
    expect(silencedTests(sample("a.test.ts", `test.skip("a: no threads here", () => {});`))).toEqual([]);
    expect(silencedTests(sample("a.test.ts", `context.skip("this engine has no threads");`))).toEqual([]);
  });
  test("no test runs alone, and each that is left out says why", () => {
    expect(silencedTests(tests)).toEqual([]);
  });
});

describe("the core needs neither Node nor a browser", () => {
  const leaks = (file: string, text: string) => nodeLeaks(sample(file, text), nodePackages);
  test("imports from Node are reported, dynamic ones too", () => {
    expect(leaks("src/text/a.ts", `import { readFileSync } from "node:fs";`)).toHaveLength(1);
    expect(leaks("src/text/a.ts", `import fs from "fs";`)).toHaveLength(1);
    expect(leaks("src/text/a.ts", `const fs = await import("node:fs");`)).toHaveLength(1);
    expect(leaks("src/text/a.ts", `import koffi from "koffi";`)).toHaveLength(1);
    expect(leaks("src/text/a.ts", `import { load } from "./load-node.js";`)).toHaveLength(1);
  });
  test("globals of Node are reported", () => {
    expect(leaks("src/text/a.ts", "const dir = process.cwd();")).toHaveLength(1);
    expect(leaks("src/text/a.ts", "const bytes = Buffer.alloc(3);")).toHaveLength(1);
    expect(leaks("src/text/a.ts", "const dir = globalThis.process.cwd();")).toHaveLength(1);
  });
  test("asking for the host, dynamic imports of *-node files and own names are allowed", () => {
    expect(leaks("src/text/a.ts", `const node = globalThis.process?.versions?.node; typeof process;`)).toEqual([]);
    expect(leaks("src/text/a.ts", `const { load } = await import("./load-node.js");`)).toEqual([]);
    expect(
      leaks("src/text/a.ts", "const f = (process: () => void) => process(); a.process(); ({ process: 1 });"),
    ).toEqual([]);
    expect(leaks("src/text/a.ts", "export interface Buffer { size: number }\nexport type All = Buffer[];")).toEqual([]);
    expect(leaks("src/text/a-node.ts", `import { b } from "./b-node.js"; process.cwd();`)).toEqual([]);
    expect(leaks("src/cli/train.ts", `import "node:fs"; process.cwd();`)).toEqual([]);
  });
  test("imports that a bundler for browsers would follow into Node are reported in *-node.ts, too", () => {
    expect(leaks("src/text/a-node.ts", `import fs from "node:fs";`)).toHaveLength(1);
    expect(leaks("src/text/a-node.ts", `export { readFileSync } from "fs";`)).toHaveLength(1);
    expect(leaks("src/text/a-node.ts", `const fs = await import("node:fs");`)).toHaveLength(1);
    expect(leaks("src/text/a-node.ts", `const fs = require("node:fs");`)).toHaveLength(1);
    expect(leaks("src/text/a-node.ts", `await import("koffi");`)).toHaveLength(1);
    expect(leaks("src/text/a.ts", `await import("../cli/main.js");`)).toHaveLength(1);
    const text = `import type { Stats } from "node:fs"; type K = typeof import("koffi"); nodeModule("node:fs");`;
    expect(leaks("src/text/a-node.ts", text)).toEqual([]);
  });
  test("src/ uses Node in src/cli/ and *-node.ts only, and imports it in src/cli/ only", () => {
    expect(nodeLeaks(sources, nodePackages)).toEqual([]);
  });
});

describe("the package offers what it says", () => {
  const invented: Manifest = {
    name: "tavali",
    exports: { "./attic": { types: "./dist/attic/index.d.ts", default: "./dist/attic/index.js" } },
    dependencies: { fflate: "1" },
  };
  test("a door without a room is reported", () => {
    expect(missingDoors(invented, () => false)).toEqual([
      'package.json exports "./attic", but src/attic/index.ts does not exist',
    ]);
    expect(missingDoors(invented, (file) => file === "src/attic/index.ts")).toEqual([]);
  });
  test("unused and undeclared dependencies are reported", () => {
    expect(wrongDependencies(invented, sample("src/a.ts", `import { b } from "@scope/b/c";`))).toEqual([
      'nothing in src/ imports the dependency "fflate"',
      'src/a.ts:1 imports "@scope/b", which is not a runtime dependency in package.json',
    ]);
    expect(wrongDependencies(invented, sample("src/a.ts", `const { zip } = await import("fflate");`))).toEqual([]);
  });
  test("every door of package.json leads to a file of src/", () => {
    expect(missingDoors(manifest, exists)).toEqual([]);
  });
  test("the command has its source", () => {
    expect(exists("src/cli/main.ts")).toBe(true);
  });
  test("src/ imports every runtime dependency and no other package", () => {
    expect(wrongDependencies(manifest, sources)).toEqual([]);
  });
});

describe("everything that goes out of a door is documented", () => {
  test("exports without a JSDoc comment are reported, renamed and re-exported ones too", () => {
    const files: Record<string, string> = {
      "door.ts": `export { bare as renamed, known } from "./room.js"; export * as inner from "./inner.js";`,
      "room.ts": `export function bare() {}\n/** Known. */\nexport const known = 1;`,
      "inner.ts": "export interface Plain { a: number }\n/** Told. */\nexport type Told = string;",
    };
    const host = ts.createCompilerHost({});
    const real = { exists: host.fileExists, read: host.readFile };
    const at = (file: string) =>
      path.dirname(file) === path.join(root, "src") ? files[path.basename(file)] : undefined;
    host.fileExists = (file) => at(file) !== undefined || real.exists(file);
    host.readFile = (file) => at(file) ?? real.read(file);
    const getSourceFile = host.getSourceFile;
    host.getSourceFile = (file, version, ...rest) => {
      const text = at(file);
      return text === undefined
        ? getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, text, version, true);
    };
    const program = createProgram(["src/door.ts"], { noLib: true, types: [] }, host);
    expect(undocumented(program, "src/door.ts")).toEqual([
      'src/room.ts:1 exports "bare" without a JSDoc comment',
      'src/inner.ts:1 exports "Plain" without a JSDoc comment',
    ]);
  });
  const doors = [...new Set(Object.values(manifest.exports).map((targets) => sourceOf(targets.default)))].filter(
    exists,
  );
  test("what the doors export says what it is", { timeout: 180_000 }, () => {
    const program = createProgram(doors);
    expect(doors.flatMap((door) => undocumented(program, door))).toEqual([]);
  });
});
