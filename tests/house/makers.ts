/** Functions that make a layer, a loss, an optimizer …: found by the type that they return, in the files of a folder. */
import path from "node:path";
import ts from "typescript";
import { root } from "./source.js";

/** Names of the functions that files of `folder` export and that return one of `types`; `program` holds the files. */
export function makersIn(program: ts.Program, folder: string, types: readonly string[]): string[] {
  const checker = program.getTypeChecker();
  const inside = path.resolve(root, folder) + path.sep;
  const files = program.getSourceFiles().filter(({ fileName }) => path.normalize(fileName).startsWith(inside));
  const made = (type: ts.Type): boolean =>
    type.isUnionOrIntersection()
      ? type.types.some(made)
      : types.includes(type.aliasSymbol?.name ?? type.getSymbol()?.name ?? "");
  const names = files.flatMap((file) => {
    const module = checker.getSymbolAtLocation(file);
    if (!module) return [];
    return checker.getExportsOfModule(module).flatMap((symbol) => {
      if (symbol.flags & ts.SymbolFlags.Alias) return [];
      const declaration = symbol.valueDeclaration;
      if (!declaration) return [];
      const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
      const calls = type.getCallSignatures();
      return calls.some((call) => made(call.getReturnType())) ? [symbol.name] : [];
    });
  });
  return [...new Set(names)].sort();
}
