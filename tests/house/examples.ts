/**
 * Type-checks the code blocks of the project's pages against src/. Each block becomes a file of its own in a folder
 * that git ignores, with as many empty lines before it as the page has, so a line of the file is that line of the page.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import type { Block } from "./markdown.js";
import { createProgram, type Manifest, sourceOf } from "./package-doors.js";
import { root } from "./source.js";

export interface Example extends Block {
  /** Absolute path of the file with the code. */
  written: string;
}

export const isCode = ({ language }: Block): boolean => /^(ts|typescript|js|javascript)$/.test(language);
export const runs = ({ marks }: Block): boolean => !marks.includes("no-run");

/** Writes the blocks to files of their own below `folder`, which is emptied first. */
export function writeExamples(blocks: Block[], folder: string): Example[] {
  const into = path.join(root, folder);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  return blocks.map((block) => {
    const page = block.file.replace(/\.md$/, "").replaceAll("/", "-").toLowerCase();
    const extension = block.language.startsWith("t") ? "ts" : "js";
    const written = path.join(into, `${page}-line-${block.line}.${extension}`);
    // `export {}` makes a module even of a block that imports nothing, so that it may await.
    writeFileSync(written, `${"\n".repeat(block.line)}${block.code}\nexport {};\n`);
    return { ...block, written };
  });
}

/** The compiler's complaints about the examples, at the lines of their pages. */
export function typeErrors(examples: Example[], manifest: Manifest): string[] {
  const paths = Object.fromEntries(
    Object.entries(manifest.exports).map(([door, targets]) => [
      path.posix.join(manifest.name, door),
      [path.join(root, sourceOf(targets.default))],
    ]),
  );
  const complaints: string[] = [];
  for (const extension of [".ts", ".js"]) {
    const group = examples.filter(({ written }) => written.endsWith(extension));
    if (group.length === 0) continue;
    const isScript = extension === ".js";
    const program = createProgram(
      group.map(({ written }) => written),
      {
        paths,
        // Users write for Node and for the browser.
        lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
        noUnusedLocals: false,
        noUnusedParameters: false,
        allowJs: isScript,
        checkJs: isScript,
        noImplicitAny: !isScript,
        strictNullChecks: !isScript,
      },
    );
    for (const example of group) {
      const source = program.getSourceFile(example.written)!;
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      for (const { start = 0, messageText } of found) {
        const line = source.getLineAndCharacterOfPosition(start).line + 1;
        complaints.push(`${example.file}:${line} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
      }
    }
  }
  return complaints;
}

/** Where in the page an error of a running example arose; the line of the fence when the stack does not say. */
export function lineOfError(example: Example, error: unknown): number {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const at = stack.indexOf(path.basename(example.written));
  const line = at < 0 ? undefined : /^:(\d+)/.exec(stack.slice(at + path.basename(example.written).length))?.[1];
  return line === undefined ? example.line : Number(line);
}
