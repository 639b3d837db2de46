/** Which lines of src/ a test file executes, by V8: written into the folder `COVERAGE` when the file is done. */
import { mkdirSync, writeFileSync } from "node:fs";
import inspector from "node:inspector/promises";
import { SourceMap } from "node:module";
import path from "node:path";
import { afterAll, expect } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const began = performance.now();
const session = new inspector.Session();
session.connect();
const sources = new Map<string, string>();
session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
  if (fileOf(url) !== undefined) sources.set(scriptId, fileOf(url)!);
});
await session.post("Debugger.enable");
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });

afterAll(async () => {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const lines: Record<string, number[]> = {};
  for (const { scriptId, functions } of result) {
    const file = sources.get(scriptId);
    if (file === undefined) continue;
    const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId });
    lines[file] = executedLines(scriptSource, functions);
  }
  const test = path.relative(root, expect.getState().testPath ?? "");
  const folder = process.env.COVERAGE!;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, `${test.replaceAll("/", "+")}.json`),
    JSON.stringify({ test, seconds: (performance.now() - began) / 1000, lines }),
  );
  session.disconnect();
});

function fileOf(url: string): string | undefined {
  const file = path.relative(root, url.replace(/^file:\/\//, "").replace(/\?.*$/, ""));
  return file.startsWith(`src${path.sep}`) ? file : undefined;
}

/** The lines of the TypeScript file in which a statement was executed, through the map that the transformed code carries. */
function executedLines(code: string, functions: readonly inspector.Profiler.FunctionCoverage[]): number[] {
  const executed = new Uint8Array(code.length);
  // From the outside in: the innermost range decides.
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges) executed.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  const mapped = /sourceMappingURL=data:application\/json;[^,]*base64,([A-Za-z0-9+/=]+)/.exec(code)?.[1];
  if (!mapped) return [];
  const map = new SourceMap(JSON.parse(Buffer.from(mapped, "base64").toString("utf8")));
  const lines = new Set<number>();
  let start = 0;
  for (const [row, text] of code.split("\n").entries()) {
    for (let column = 0; column < text.length; column++) {
      const begins = /\w/.test(text[column]!) && !/\w/.test(text[column - 1] ?? " ");
      if (!begins || !executed[start + column]) continue;
      const { originalLine } = map.findEntry(row, column) as { originalLine?: number };
      if (originalLine !== undefined) lines.add(originalLine + 1);
    }
    start += text.length + 1;
  }
  return [...lines].sort((a, b) => a - b);
}
