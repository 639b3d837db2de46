/**
 * The rules of the house about imports, names and leftovers, as pure functions: files in, complaints out.
 * A complaint is "path:line what is wrong, and what to do". An empty list means the rule holds.
 */
import path from "node:path";
import ts from "typescript";
import type { Layers } from "./layers.js";
import { isTest, lineOf, resolveImport, type SourceFile, walk } from "./source.js";

/** The room a file of src/ belongs to: "src/cells/gru.ts" → "cells", "src/errors.ts" → "errors". */
export function roomOf(file: string): string {
  return file.split("/")[1]!.replace(/\.ts$/, "");
}

/** Imports against the direction of the table. Tests may import anything. */
export function wrongDirections(files: SourceFile[], layers: Layers): string[] {
  const unknown = [...new Set(files.map((file) => roomOf(file.path)))].filter((room) => !(room in layers));
  const complaints = unknown.map(
    (room) => `src/${room} is not in the table: add it to tests/house/layers.ts with the rooms it may import`,
  );
  for (const file of files.filter(({ path: name }) => !isTest(name))) {
    const room = roomOf(file.path);
    const allowed = layers[room];
    if (!allowed || allowed === "anything") continue;
    for (const { specifier, line } of file.imports) {
      const target = resolveImport(file.path, specifier);
      if (target === undefined) continue;
      const other = target.startsWith("src/") ? roomOf(target) : undefined;
      if (other === room || (other && allowed.includes(other))) continue;
      const may = allowed.length > 0 ? allowed.join(", ") : "nothing";
      complaints.push(`${file.path}:${line} imports ${target}; ${room} may import ${may} (tests/house/layers.ts)`);
    }
  }
  return complaints;
}

/** Rooms of the table without a file, and permissions (apart from those in `always`) that no file uses. */
export function unusedPermissions(files: SourceFile[], layers: Layers, always: readonly string[]): string[] {
  const code = files.filter(({ path: name }) => !isTest(name));
  const rooms = new Set(code.map(({ path: name }) => roomOf(name)));
  const used = new Set<string>();
  for (const file of code) {
    for (const { specifier } of file.imports) {
      const target = resolveImport(file.path, specifier);
      if (target?.startsWith("src/")) used.add(`${roomOf(file.path)} ${roomOf(target)}`);
    }
  }
  return Object.entries(layers).flatMap(([room, allowed]) => {
    if (!rooms.has(room)) return [`${room} is in the table, but has no file in src/ (tests/house/layers.ts)`];
    if (allowed === "anything") return [];
    return allowed
      .filter((other) => !always.includes(other) && !used.has(`${room} ${other}`))
      .map((other) => `${room} may import ${other}, but does not: take it out of tests/house/layers.ts`);
  });
}

/** The rooms that a room stands on, directly or through others. */
export function roomsBelow(room: string, layers: Layers): string[] {
  const found = new Set<string>();
  const visit = (at: string): void => {
    const allowed = layers[at];
    if (!allowed || allowed === "anything") return;
    for (const below of allowed) {
      if (found.has(below)) continue;
      found.add(below);
      visit(below);
    }
  };
  visit(room);
  return [...found];
}

/** Who imports whom, type imports included. A dynamic import is resolved later and closes no cycle. */
export function importGraph(files: SourceFile[]): Record<string, string[]> {
  return Object.fromEntries(
    files.map((file) => {
      const targets = file.imports
        .filter(({ kind }) => kind !== "dynamic")
        .map(({ specifier }) => resolveImport(file.path, specifier));
      return [file.path, targets.filter((target) => target !== undefined)];
    }),
  );
}

/** The cycles a depth-first walk meets, each as "a → b → a". Empty exactly when the graph has none. */
export function findCycles(graph: Record<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (node: string, trail: string[]): void => {
    const seen = trail.indexOf(node);
    if (seen >= 0) {
      cycles.push([...trail.slice(seen), node].join(" → "));
      return;
    }
    if (done.has(node)) return;
    for (const next of graph[node] ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of Object.keys(graph)) visit(node, []);
  return cycles;
}

/** Files longer than `limit` lines. */
export function tooLong(files: Pick<SourceFile, "path" | "text">[], limit: number): string[] {
  return files
    .map(({ path: name, text }) => ({ name, lines: text.replace(/\n$/, "").split("\n").length }))
    .filter(({ lines }) => lines > limit)
    .map(({ name, lines }) => `${name} has ${lines} lines; split it, ${limit} is the most`);
}

/** Functions longer than `limit` lines. */
export function tooLongFunctions(files: Pick<SourceFile, "path" | "tree">[], limit: number): string[] {
  const found: string[] = [];
  for (const { path: name, tree } of files) {
    walk(tree, (node) => {
      if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) return;
      const lines = tree.getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(tree, node);
      if (lines > limit) found.push(`${name}:${lineOf(tree, node)} has ${lines} lines; split it, ${limit} is the most`);
    });
  }
  return found;
}

/** The package a specifier names: "a/b" → "a", "@s/a/b" → "@s/a". */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const bareWords = new Set(["TODO", "FIXME", "XXX"].map((word) => word.toLowerCase()));

/** Words that mark unfinished work, in comments and strings alike. */
export function unfinished(files: Pick<SourceFile, "path" | "text">[]): string[] {
  return files.flatMap(({ path: name, text }) =>
    text
      .split("\n")
      .flatMap((content, index) =>
        (content.match(/\b[A-Z]{3,}\b/g) ?? [])
          .filter((word) => bareWords.has(word.toLowerCase()))
          .map((word) => `${name}:${index + 1} says ${word}: finish it or take it out`),
      ),
  );
}

/** Comments that begin with a relative clause in the place of a noun: "What a model reads". */
export function clausesForNouns(files: Pick<SourceFile, "path" | "text">[]): string[] {
  const clause = /^\s*(?:\/\/|\*|\/\*\*) ((?:What|How|Where|Which|Who) .*)/;
  return files.flatMap(({ path: name, text }) =>
    text.split("\n").flatMap((content, index) => {
      const [, comment] = clause.exec(content) ?? [];
      return comment === undefined ? [] : [`${name}:${index + 1} begins with "${comment}"; begin with a noun`];
    }),
  );
}

function hasReason(call: ts.CallExpression, tree: ts.SourceFile): boolean {
  const isFunction = (node: ts.Node): boolean => ts.isArrowFunction(node) || ts.isFunctionExpression(node);
  const isText = (node: ts.Node): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  // `context.skip("why")` gives its reason; `test.skip("title", …)` does in a title of the form "what: why".
  const texts = call.arguments.filter(isText);
  if (texts.length > 0 && !call.arguments.some(isFunction)) return true;
  if (texts.some((node) => /\S: \S/.test(node.getText(tree)))) return true;
  const lines = tree.text.split("\n");
  const line = lineOf(tree, call);
  return /\/\//.test(lines[line - 1]!) || /^\s*(\/\/|\*|\/\*)/.test(lines[line - 2] ?? "");
}

/** Tests that run alone, and tests that are left out without saying why. */
export function silencedTests(files: SourceFile[]): string[] {
  const complaints: string[] = [];
  for (const { path: name, tree } of files) {
    walk(tree, (node) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      if (!/^(test|it|describe|suite|bench)\b/.test(node.expression.expression.getText(tree))) return;
      const called = node.expression.name.text;
      const at = `${name}:${lineOf(tree, node)}`;
      if (called === "only") complaints.push(`${at} runs a test alone: take the ".only" out`);
      const leavesOut = ["skip", "skipIf", "runIf", "todo"].includes(called);
      if (leavesOut && !hasReason(node, tree)) {
        complaints.push(
          `${at} leaves a test out and does not say why: give the reason in a comment above it or in the title, as what: why`,
        );
      }
    });
  }
  return complaints;
}

const vague = new Set(["util", "utils", "helper", "helpers", "common", "misc"]);

/** Names that say nothing. */
export function vagueNames(files: string[]): string[] {
  return files
    .filter((file) => file.split(/[/.-]/).some((word) => vague.has(word.toLowerCase())))
    .map((file) => `${file} has a name that says nothing: put it beside its only user, or name what it is`);
}

/** Source files that are not in kebab-case. */
export function notKebabCase(files: string[]): string[] {
  const word = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  return files
    .filter((file) => /\.(ts|tsx|js|mjs)$/.test(file))
    .filter((file) => {
      const folders = path.posix.dirname(file).split("/");
      const stem = path.posix.basename(file).replace(/(\.(test|bench|d|config))?\.(ts|tsx|js|mjs)$/, "");
      return ![...folders, stem].every((part) => word.test(part) || part === ".");
    })
    .map((file) => `${file} is not in kebab-case`);
}
