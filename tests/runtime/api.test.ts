/** The public API is what docs/api/ says, and everything that its signatures name can be imported. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { root } from "./tavali.js";

interface Reports {
  reports: Record<string, string>;
  forgotten: string[];
}
const { apiReports }: { apiReports(package_: Pick<typeof manifest, "name"> & { exports: object }): Reports } =
  await import(path.join(root, "scripts", "api-report.mjs"));

describe("a report", () => {
  const folder = path.join(".cache", "api-sample");
  const files = {
    "index.d.ts": `import type { Hidden } from "./hidden.js";
      /** Kept. */ export declare class Shown { #secret; private other: number; protected size: number; take(hidden: Hidden): Named; }
      export interface Named { name: string } export type { Hidden as Known } from "./known.js"; export * as inner from "./inner.js";`,
    "hidden.d.ts": `export interface Hidden { deep: Deeper } export interface Deeper { value: number }`,
    "known.d.ts": "export interface Hidden { known: true }",
    "inner.d.ts": 'export declare const ten: 10 | "b" | "a";',
  };
  mkdirSync(path.join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, folder, name), text);
  const { reports, forgotten } = apiReports({
    name: "sample",
    exports: { ".": { types: path.join(folder, "index.d.ts") } },
  });

  test("says what an entry point exports, by name, without comments and private members", () => {
    const text = reports["index.api.md"]!;
    expect(text).toContain("# The API of `sample`");
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, name]) => name)).toEqual(["Known", "Named", "Shown", "inner.ten"]);
    expect(text).toContain("class Shown {\n    protected size: number;\n    take(hidden: Hidden): Named;\n}");
    expect(text).toContain('const ten: "a" | "b" | 10;');
  });
  test("is refused while signatures use types that nobody exports, and those of theirs", () => {
    expect(forgotten.map((line) => line.replaceAll("\\", "/"))).toEqual([
      "Deeper (.cache/api-sample/hidden.d.ts), in Hidden",
      "Hidden (.cache/api-sample/hidden.d.ts), in Shown",
    ]);
  });
});

describe("the package", () => {
  const { reports, forgotten } = apiReports(manifest);
  const committed = path.join(root, "docs", "api");
  test("exports every type that its signatures use (if not: add it to src/signature-types.ts)", () => {
    expect(forgotten).toEqual([]);
  });
  test("has a report for each entry point, and no other", () => {
    expect(readdirSync(committed).toSorted()).toEqual(Object.keys(reports).toSorted());
  });
  test.each(Object.keys(reports))("exports what docs/api/%s says", (file) => {
    const before = readFileSync(path.join(committed, file), "utf8").replaceAll("\r\n", "\n");
    expect(
      reports[file],
      `docs/api/${file} is out of date: run "npm run api", look at what changed, and commit it`,
    ).toBe(before);
  });
});
