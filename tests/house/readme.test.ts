/**
 * What the pages say is true: their code compiles and runs against src/, their commands exist, their links lead
 * somewhere. A block marked ```ts no-run is compiled only.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCli, type Surroundings, withRecipes, wrongCommands } from "./commands.js";
import { isCode, lineOfError, runs, typeErrors, writeExamples } from "./examples.js";
import { brokenLinks, readCommands, readMarkdown } from "./markdown.js";
import type { Manifest } from "./package-doors.js";
import { listFiles, parseSource, readSources, root } from "./source.js";

const exists = (file: string): boolean => existsSync(path.join(root, file));
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const manifest: Manifest = JSON.parse(read("package.json"));

const pages = listFiles(".").filter((file) => file.endsWith(".md"));
const withCode = pages.filter((file) => file === "README.md" || file.startsWith("docs/"));
const blocks = withCode.flatMap((file) => readMarkdown(file, read(file)).blocks).filter(isCode);

const fence = "```";
const scripts = (folder: string): Record<string, string> => {
  const file = path.posix.join(folder, "package.json");
  return exists(file) ? (JSON.parse(read(file)).scripts ?? {}) : {};
};
const workspaces: string[] = JSON.parse(read("package.json")).workspaces ?? [];

test("README.md stands at the root", () => {
  expect(exists("README.md")).toBe(true);
});

describe("code blocks compile", { timeout: 180_000 }, () => {
  test("an error is reported at its line of the page", () => {
    const page = `# Title\n\n${fence}ts\nconst a = 1;\nconst b: string = a;\nawait 0;\n${fence}\n\n${fence}js\nlet x = (y) => nope;\n${fence}\n`;
    const samples = writeExamples(readMarkdown("sample.md", page).blocks, ".cache/readme/samples");
    expect(typeErrors(samples, manifest)).toEqual([
      "sample.md:5 Type 'number' is not assignable to type 'string'.",
      "sample.md:10 Cannot find name 'nope'.",
    ]);
  });
  test("the package's name means src/", () => {
    const page = `${fence}ts\nimport { ShapeError, nothing } from "tavali/errors";\n${fence}\n`;
    const samples = writeExamples(readMarkdown("sample.md", page).blocks, ".cache/readme/samples");
    const target = { types: "./dist/errors.d.ts", default: "./dist/errors.js" };
    expect(typeErrors(samples, { name: "tavali", exports: { "./errors": target } })).toEqual([
      "sample.md:2 Module '\"tavali/errors\"' has no exported member 'nothing'.",
    ]);
  });
  test("those of README.md and docs/ do", () => {
    expect(typeErrors(writeExamples(blocks, ".cache/readme/compiled"), manifest)).toEqual([]);
  });
});

describe("code blocks run", { timeout: 300_000 }, () => {
  const before = process.cwd();
  beforeAll(() => {
    // What an example saves lands here and not in the repository.
    mkdirSync(path.join(root, ".cache/readme/folder"), { recursive: true });
    process.chdir(path.join(root, ".cache/readme/folder"));
  });
  afterAll(() => process.chdir(before));

  test("an error is reported at its line of the page", async () => {
    const page = `${fence}ts\nconst a: number = 1;\n${fence}\n\n${fence}ts\ninterface Gone { a: 1 }\n\nthrow new Error("on purpose");\n${fence}\n`;
    const [good, bad] = writeExamples(readMarkdown("sample.md", page).blocks, ".cache/readme/failing");
    await import(good!.written);
    const error = await import(bad!.written).catch((thrown: unknown) => thrown);
    expect(String(error)).toBe("Error: on purpose");
    expect(lineOfError(bad!, error)).toBe(8);
    expect(lineOfError(bad!, new Error("from elsewhere"))).toBe(5);
  });
  test("a block marked no-run is left alone", () => {
    const page = `${fence}ts no-run\nx\n${fence}\n${fence}ts\ny\n${fence}`;
    expect(readMarkdown("sample.md", page).blocks.map(runs)).toEqual([false, true]);
  });
  for (const example of writeExamples(blocks.filter(runs), ".cache/readme/run")) {
    test(`${example.file}:${example.line}`, async () => {
      try {
        await import(/* @vite-ignore */ example.written);
      } catch (cause) {
        throw new Error(`${example.file}:${lineOfError(example, cause)} ${String(cause)}`, { cause });
      }
    });
  }
});

describe("commands exist", () => {
  const cli = readCli([
    parseSource("src/cli/a.ts", `new Command("train").option("-e, --epochs <n>", "d"); program.command("tag <file>");`),
  ]);
  const around: Surroundings = {
    cli,
    scripts: { "": { test: "x" }, page: { dev: "x" } },
    exists: (file) => file === "bench/run.mjs",
  };
  const complaints = (text: string) => wrongCommands("sample.md", readCommands("sample.md", text), around);

  test("names and options of the CLI are read from its source", () => {
    expect([...cli.commands]).toEqual(["help", "train", "tag"]);
    for (const option of ["--epochs", "-e"]) expect([...cli.options]).toContain(option);
  });
  test("those of the recipes come from their list", () => {
    const all = withRecipes(cli);
    for (const command of ["predict", "generate", "lm"]) expect([...all.commands]).toContain(command);
    for (const option of ["--batch-size", "--top-k", "--word-column"]) expect([...all.options]).toContain(option);
  });
  test("unknown scripts, commands, options and files are reported", () => {
    expect(complaints("Type `npm run nothing` or\n`npx tavali fly`.")).toEqual([
      'sample.md:1 names the npm script "nothing", which package.json does not have',
      'sample.md:2 names the command "tavali fly", which src/cli/ does not have',
    ]);
    expect(complaints(`${fence}sh\nnpm ci && npm run nope # x\n${fence}`)[0]).toContain("sample.md:2");
    expect(complaints(`${fence}sh\nnpx tavali train \\\n  --speed 3\n${fence}`)[0]).toContain('"--speed"');
    expect(complaints(`${fence}sh\nnode bench/gone.mjs\nnpm run x -w page\n${fence}`)).toHaveLength(2);
  });
  test("known ones pass, and so does output", () => {
    const text = `${fence}console\n$ npx tavali train --epochs 3\nnpm run nope\n$ npm test -- tests/a\n${fence}`;
    expect(readCommands("sample.md", text)).toHaveLength(2);
    expect(complaints(`${text}\n\`npm run dev -w page\` \`npm i tavali\` \`npx tavali --help\``)).toEqual([]);
    expect(complaints(`${fence}sh\nnode bench/run.mjs --all\nnpx tavali tag a.txt\n${fence}`)).toEqual([]);
  });
  test("those of every page do", () => {
    const real: Surroundings = {
      cli: withRecipes(readCli(readSources("src/cli"))),
      scripts: Object.fromEntries(["", ...workspaces].map((folder) => [folder, scripts(folder)])),
      exists,
    };
    expect(pages.flatMap((file) => wrongCommands(file, readCommands(file, read(file)), real))).toEqual([]);
  });
});

describe("links lead somewhere", () => {
  test("missing files and headings are reported", () => {
    const other = (file: string) => (file === "docs/b.md" ? "# One `two`\n# One two\n" : undefined);
    const links = (text: string) => brokenLinks("docs/a.md", text, other);
    expect(links("See [b](b.md#one-two-1), [c](../c.md).\n\n[d]: b.md#three")).toEqual([
      "docs/a.md:1 links to c.md, which does not exist",
      "docs/a.md:3 links to #three, which no heading of docs/b.md has",
    ]);
    expect(links('# Here\n[x](#here) [web](https://example.org) `[y](no.md)` <img src="no.png">')).toHaveLength(1);
  });
  test("those of every page do", () => {
    const page = (file: string) => {
      if (!exists(file)) return undefined;
      return statSync(path.join(root, file)).isDirectory() ? "" : read(file);
    };
    expect(pages.flatMap((file) => brokenLinks(file, read(file), page))).toEqual([]);
  });
});
