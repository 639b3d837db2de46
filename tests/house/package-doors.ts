/**
 * Checks of what the package offers: every door of `exports` has its source file, every dependency is used and every
 * used package is a dependency, and everything that goes out of a door is documented.
 */
import path from "node:path";
import ts from "typescript";
import { packageOf } from "./rules.js";
import { isTest, root, type SourceFile } from "./source.js";

export interface Manifest {
  name: string;
  exports: Record<string, { types: string; default: string }>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** The source of a built file: "./dist/text/index.d.ts" → "src/text/index.ts". */
export function sourceOf(built: string): string {
  return built.replace(/^\.\/dist\//, "src/").replace(/(\.d\.ts|\.js)$/, ".ts");
}

/** Doors that lead nowhere. */
export function missingDoors(manifest: Manifest, exists: (file: string) => boolean): string[] {
  return Object.entries(manifest.exports).flatMap(([door, targets]) =>
    [...new Set(Object.values(targets).map(sourceOf))]
      .filter((source) => !exists(source))
      .map((source) => `package.json exports "${door}", but ${source} does not exist`),
  );
}

/** Dependencies that nothing imports, and imports that no dependency brings. */
export function wrongDependencies(manifest: Manifest, files: SourceFile[]): string[] {
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const allowed = new Set([...declared, ...Object.keys(manifest.peerDependencies ?? {})]);
  const used = new Map<string, string>();
  for (const file of files.filter(({ path: name }) => !isTest(name))) {
    for (const { specifier, line } of file.imports) {
      const isPackage = !specifier.startsWith(".") && !specifier.startsWith("node:");
      if (isPackage) used.set(packageOf(specifier), `${file.path}:${line}`);
    }
  }
  return [
    ...declared.filter((name) => !used.has(name)).map((name) => `nothing in src/ imports the dependency "${name}"`),
    ...[...used]
      .filter(([name]) => !allowed.has(name))
      .map(([name, at]) => `${at} imports "${name}", which is not a runtime dependency in package.json`),
  ];
}

/** A program over the given files, with the settings of tsconfig.json. */
export function createProgram(files: string[], changes: ts.CompilerOptions = {}, host?: ts.CompilerHost): ts.Program {
  const configFile = path.join(root, "tsconfig.json");
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  return ts.createProgram(
    files.map((file) => path.resolve(root, file)),
    { ...options, noEmit: true, ...changes },
    host,
  );
}

/** The exported symbols of a file of the program that have no JSDoc comment; those of other packages do not count. */
export function undocumented(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path.resolve(root, file));
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) return [`${file} exports nothing`];
  const seen = new Set<ts.Symbol>();
  const complaints: string[] = [];
  const visit = (symbol: ts.Symbol): void => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const declaration = target.declarations?.[0];
    if (seen.has(target) || !declaration) return;
    seen.add(target);
    const from = declaration.getSourceFile();
    if (from.isDeclarationFile) return;
    if (ts.isSourceFile(declaration)) {
      for (const inner of checker.getExportsOfModule(target)) visit(inner);
    } else if (target.getDocumentationComment(checker).length === 0) {
      const line = from.getLineAndCharacterOfPosition(declaration.getStart(from)).line + 1;
      const name = path.relative(root, from.fileName);
      complaints.push(`${name}:${line} exports "${target.name}" without a JSDoc comment`);
    }
  };
  for (const symbol of checker.getExportsOfModule(module)) visit(symbol);
  return complaints;
}
