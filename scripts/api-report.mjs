/**
 * The public API as text, from the declarations in dist/: for every entry point of package.json what it exports, without comments and
 * private members, sorted by name. So every change of it shows in review.
 */
import path from "node:path";
import ts from "typescript";
import { root } from "./setup.mjs";

/** @typedef {{ name: string, target: ts.Symbol, declarations: readonly ts.Declaration[] }} Exported */

/** The declarations that users' compilers read. @param {Record<string, { types: string }>} doors `exports` of package.json */
function readApi(doors) {
  const files = Object.values(doors).map(({ types }) => path.join(root, types));
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: [],
    lib: ["lib.es2023.d.ts"],
  };
  const program = ts.createProgram(files, options);
  return { checker: program.getTypeChecker(), modules: files.map((file) => program.getSourceFile(file)) };
}

/** What a module exports, by name; a namespace that it exports is followed by what is in it. @returns {Exported[]} */
function exportsOf(checker, symbol, prefix = "") {
  const found = checker.getExportsOfModule(symbol).map((exported) => {
    const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return { name: prefix + exported.name, target, declarations: target.declarations ?? [] };
  });
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  return found.flatMap((entry) =>
    entry.declarations.some(ts.isSourceFile) ? exportsOf(checker, entry.target, `${entry.name}.`) : [entry],
  );
}

const isPrivate = (member) =>
  (member.name && ts.isPrivateIdentifier(member.name)) ||
  (ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword));

/**
 * The declaration as users see it: without private members, and with unions sorted, since the compiler writes those that it found out itself
 * in an order that depends on what it looked at before.
 */
function visible(declaration) {
  const textOf = (node) => node.getText();
  const visit = (context) => (node) => {
    if (ts.isClassElement(node) && isPrivate(node)) return undefined;
    if (!ts.isUnionTypeNode(node)) return ts.visitEachChild(node, visit(context), context);
    const sorted = node.types.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
    return ts.factory.createUnionTypeNode(sorted.map(visit(context)));
  };
  return ts.transform(declaration, [(context) => visit(context)]).transformed[0];
}

/** A variable's name and type stand in its declaration, its `const` two nodes above. */
function statementOf(declaration) {
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}

const printer = ts.createPrinter({ removeComments: true });

/** The report of one entry point. @param {string} door its name for users: "tavali/text" */
function reportOf({ checker }, module, door) {
  const all = exportsOf(checker, checker.getSymbolAtLocation(module));
  const flat = new Set(all.filter(({ name }) => !name.includes(".")).map(({ target }) => target));
  const repeated = all.filter(({ name, target }) => name.includes(".") && flat.has(target));
  const sections = all.map((entry) => (repeated.includes(entry) ? repeatOf(entry, repeated) : sectionOf(entry)));
  const head = "Made by `npm run api` from the declarations; do not edit.";
  return `# The API of \`${door}\`\n\n${head}\n\n${sections.filter((section) => section !== "").join("\n")}`;
}

/** The section of a namespace, at its first name: the names in it that the entry point exports by themselves, too. */
function repeatOf(entry, repeated) {
  const [namespace] = entry.name.split(".");
  const names = repeated.map(({ name }) => name.split(".")).filter(([first]) => first === namespace);
  if (entry.name !== names[0].join(".")) return "";
  return `## ${namespace}\n\nA namespace of ${names.map(([, name]) => `\`${name}\``).join(", ")}.\n`;
}

/** @param {Exported} exported */
function sectionOf({ name, target, declarations }) {
  const code = declarations.map((declaration) => {
    const statement = statementOf(declaration);
    const text = printer.printNode(ts.EmitHint.Unspecified, visible(statement), statement.getSourceFile());
    return text.replace(/^export (default )?/, "").replace(/^declare /, "");
  });
  const renamed = name === target.name || name.endsWith(`.${target.name}`) ? "" : ` // ${target.name}`;
  return `## ${name}\n\n\`\`\`mts\n${code.join("\n")}${renamed}\n\`\`\`\n`;
}

/** The names of types in a declaration, where users see them. */
function typeNames(declaration) {
  const names = [];
  const visit = (node) => {
    if (isPrivate(node)) return;
    if (ts.isTypeReferenceNode(node)) names.push(node.typeName);
    else if (ts.isExpressionWithTypeArguments(node)) names.push(node.expression);
    else if (ts.isTypeQueryNode(node)) names.push(node.exprName);
    else if (ts.isImportTypeNode(node)) names.push(node);
    ts.forEachChild(node, visit);
  };
  visit(statementOf(declaration));
  return names;
}

const isOurs = (declaration) => !declaration.getSourceFile().fileName.includes("/node_modules/");
const isOnTop = (declaration) => ts.isSourceFile(statementOf(declaration).parent);

/** Types that users meet in signatures and that no entry point exports: "StepName (dist/a.d.ts), in fit". */
function forgottenExports({ checker, modules }) {
  const roots = modules.flatMap((module) => exportsOf(checker, checker.getSymbolAtLocation(module)));
  const exported = new Set(roots.map(({ target }) => target));
  const forgotten = new Map();
  const queue = [...roots];
  for (const { name, declarations } of queue) {
    for (const typeName of declarations.filter(isOurs).flatMap(typeNames)) {
      const found = checker.getSymbolAtLocation(
        ts.isImportTypeNode(typeName) ? (typeName.qualifier ?? typeName) : typeName,
      );
      const target = found && found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
      const own = (target?.declarations ?? []).filter((declaration) => isOurs(declaration) && isOnTop(declaration));
      if (own.length === 0 || exported.has(target) || forgotten.has(target)) continue;
      forgotten.set(target, `${target.name} (${path.relative(root, own[0].getSourceFile().fileName)}), in ${name}`);
      queue.push({ name: target.name, target, declarations: own });
    }
  }
  return [...forgotten.values()].sort();
}

/**
 * @param {{ name: string, exports: Record<string, { types: string }> }} manifest package.json
 * @returns {{ reports: Record<string, string>, forgotten: string[] }} the text of each file of docs/api/, and the types that signatures use
 *   and no entry point exports
 */
export function apiReports({ name, exports }) {
  const api = readApi(exports);
  const reports = Object.keys(exports).map((door, i) => {
    const file = `${door === "." ? "index" : door.slice(2)}.api.md`;
    return [file, reportOf(api, api.modules[i], path.posix.join(name, door))];
  });
  return { reports: Object.fromEntries(reports), forgotten: forgottenExports(api) };
}
