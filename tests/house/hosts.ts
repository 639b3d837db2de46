/**
 * The core runs in Node and in the browser, so it imports neither. Node is reached from src/cli/ and from files named
 * *-node.ts; the others load such a file with a dynamic import. Asking where one is, with `typeof process` or
 * `globalThis.process?.`, is allowed everywhere, since it is answered everywhere.
 *
 * Bundlers for browsers follow every import, dynamic ones too, and stop at the first that only Node has. So *-node.ts
 * files take Node's modules with `nodeModule` of src/host/host.ts; only src/cli/, which no door reaches, imports them.
 */
import { isBuiltin } from "node:module";
import ts from "typescript";
import { packageOf } from "./rules.js";
import { isTest, lineOf, resolveImport, type SourceFile, walk } from "./source.js";

const nodeGlobals = new Set(["process", "Buffer", "__dirname", "__filename", "require", "setImmediate"]);

const isCli = (file: string): boolean => file.startsWith("src/cli/");
const isAdapter = (file: string): boolean => file.endsWith("-node.ts");

/** The names a file declares itself; using those is not using Node. */
function declaredNames(tree: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  walk(tree, (node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node);
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}

/** Whether an identifier stands for a value, and is not the name of a property, member or type. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isTypeOfExpression(parent)) return false;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  return !(ts.isTypeElement(parent) || ts.isClassElement(parent) || ts.isPropertySignature(parent));
}

function isUnguardedGlobal(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression, name } = node.expression;
  const isGlobal = ts.isIdentifier(expression) && expression.text === "globalThis" && nodeGlobals.has(name.text);
  return isGlobal && !node.questionDotToken;
}

/** Imports that a bundler for browsers cannot follow, anywhere outside src/cli/. */
function unseenByBrowsers({ path: name, imports }: SourceFile, nodePackages: readonly string[]): string[] {
  return imports.flatMap(({ specifier, kind, line }) => {
    const target = resolveImport(name, specifier);
    const isNode = target === undefined && (isBuiltin(specifier) || nodePackages.includes(packageOf(specifier)));
    if (target && isCli(target)) return [`${name}:${line} imports ${target}: only the command may import src/cli/`];
    if (target && isAdapter(target) && kind === "static" && !isAdapter(name)) {
      return [`${name}:${line} imports ${target} statically: use a dynamic import`];
    }
    // What is only a type is gone before a bundler looks.
    if (!isNode || (isAdapter(name) && kind === "type")) return [];
    const advice =
      "take it with nodeModule (src/host/host.ts) in a file named *-node.ts, and load that with a dynamic import";
    return [`${name}:${line} imports "${specifier}", which bundlers for browsers cannot find: ${advice}`];
  });
}

/** Files outside src/cli/ and *-node.ts that need Node, and imports of it outside src/cli/. Tests may use it. */
export function nodeLeaks(files: SourceFile[], nodePackages: readonly string[]): string[] {
  const complaints: string[] = [];
  for (const file of files) {
    const { path: name, tree } = file;
    if (isCli(name) || isTest(name)) continue;
    complaints.push(...unseenByBrowsers(file, nodePackages));
    if (isAdapter(name)) continue;
    const advice = "move it to a file named *-node.ts and load that with a dynamic import";
    const own = declaredNames(tree);
    walk(tree, (node) => {
      const isGlobal = ts.isIdentifier(node) && nodeGlobals.has(node.text) && !own.has(node.text) && isReference(node);
      if (isGlobal || isUnguardedGlobal(node)) {
        complaints.push(`${name}:${lineOf(tree, node)} uses "${node.getText(tree)}": ${advice}`);
      }
    });
  }
  return complaints;
}
