/**
 * Reads TypeScript files as the rules see them: path, text, syntax tree and imports.
 * Paths are relative to the root of the repository and use forward slashes.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** The root of the repository. */
export const root = path.resolve(import.meta.dirname, "../..");

export interface Import {
  /** As written: "./shape.js", "node:fs", "commander". */
  specifier: string;
  /** `import x from`, `import type` or `export … from`, `import()` or `require()`. */
  kind: "static" | "type" | "dynamic";
  line: number;
}

export interface SourceFile {
  path: string;
  text: string;
  tree: ts.SourceFile;
  imports: Import[];
}

/** The line of a node, counted from 1. */
export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const named = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
    return node.isTypeOnly || (named.length > 0 && named.every((element) => element.isTypeOnly));
  }
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  if (clause.name || !bindings || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function importOf(node: ts.Node): Omit<Import, "line"> | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
    const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
    return { specifier, kind: isTypeOnly(node) ? "type" : "static" };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: (node.argument.literal as ts.StringLiteral).text, kind: "type" };
  }
  if (ts.isCallExpression(node)) {
    const [first] = node.arguments;
    const called = node.expression;
    const imports =
      called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === "require");
    if (imports && first && ts.isStringLiteralLike(first)) return { specifier: first.text, kind: "dynamic" };
  }
  return undefined;
}

/** Parses one file; samples in tests come through here too. */
export function parseSource(filePath: string, text: string): SourceFile {
  const tree = ts.createSourceFile(filePath, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  walk(tree, (node) => {
    const found = importOf(node);
    if (found) imports.push({ ...found, line: lineOf(tree, node) });
  });
  return { path: filePath, text, tree, imports };
}

/** All files below a folder, hidden and installed or built ones left out. Empty when the folder is missing. */
export function listFiles(folder: string): string[] {
  const at = path.join(root, folder);
  if (!existsSync(at)) return [];
  const skipped = new Set(["node_modules", "dist", "coverage"]);
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || skipped.has(entry.name)) return [];
    const inside = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? listFiles(inside) : [inside];
  });
}

/** Parses every TypeScript file below a folder. */
export function readSources(folder: string): SourceFile[] {
  return listFiles(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => parseSource(file, readFileSync(path.join(root, file), "utf8")));
}

/** The file a relative import means, or undefined for a package: ("src/a/b.ts", "../c/d.js") → "src/c/d.ts". */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return path.posix.join(path.posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}

export const isTest = (file: string): boolean => file.endsWith(".test.ts");
