/**
 * Every exported function that takes options refuses a name that it does not know. The functions are found by their types, so a new one
 * cannot forget: it is called with an unknown option, behind the arguments that the table below gives it.
 */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as datasets from "../../src/datasets/index.js";
import * as equations from "../../src/equations/index.js";
import { ConfigError } from "../../src/errors.js";
import * as formats from "../../src/formats/index.js";
import * as main from "../../src/index.js";
import * as recipes from "../../src/recipes/index.js";
import * as text from "../../src/text/index.js";

const exportsOf: Readonly<Record<string, object>> = {
  index: main,
  "text/index": text,
  "datasets/index": datasets,
  "equations/index": equations,
  "formats/index": formats,
  "recipes/index": recipes,
};
const doors = Object.keys(exportsOf);
const root = new URL("../../src/", import.meta.url);

/** Types whose objects are no options: what is defined, errors' causes, data. */
const noOptions = /^(CellDefinition|LossDefinition|MetricDefinition|ErrorOptions|Pick<.*Data)/;
const x = equations.input("x", [2]);
const [source, token] = [main.input({ shape: [3] }), main.input({ shape: [2], name: "target" })];
const joined = main.concatenate().apply([source, token]);
const made = main.model({ inputs: [source, token], outputs: joined });
const part = { texts: ["a"], labels: [0] };

/** The arguments of functions that look at others before their options; the rest are called with undefined before them. */
const argumentsOf: Readonly<Record<string, (options: unknown) => unknown[]>> = {
  classifierSettings: (options) => [{}, options],
  decoder: (options) => [made, options],
  defineLayer: (options) => {
    const nothing = () => [];
    return [
      "Own",
      options,
      { config: {}, masking: "passes", parameters: nothing, outputShapes: nothing, call: nothing },
    ];
  },
  inspect: (options) => [made, [[1]], [[1]], options],
  loadModel: (options) => ["m.tavali", options],
  max: (options) => [x, [0], options],
  mean: (options) => [x, [0], options],
  functional: (options) => [{ inputs: source, outputs: main.dense(1).apply(source) }, options],
  model: (options) => [{ inputs: source, outputs: main.dense(1).apply(source) }, options],
  modelFromConfig: (options) => [{ type: "Sequential", name: "m", layers: [] }, options],
  reduce: (options) => [equations.sumSquaresOp, x, [0], options],
  saveModel: (options) => [made, "m.tavali", {}, options],
  sum: (options) => [x, [0], options],
  sumSquares: (options) => [x, [0], options],
  taggerSettings: (options) => [{}, options],
  timeDistributed: (options) => [main.dense(1), options],
  trainClassifier: (options) => [{ train: part, test: part, classNames: ["a", "b"] }, options],
  trainLanguageModel: (options) => [{ text: "a" }, options],
  trainTagger: (options) => [{ train: {} }, options],
};
/** Functions without a check of their own, and why. */
const exceptions: Readonly<Record<string, string>> = {
  layerFromConfig:
    "it is handed all objects of the user's, losses and metrics too; modelFromConfig and loadModel check them",
  makeNode: "what operations are made of: called for every node of a graph",
};

interface Found {
  readonly door: string;
  readonly name: string;
  readonly position: number;
}

function functionsWithOptions(): Found[] {
  const files = doors.map((door) => new URL(`${door}.ts`, root).pathname);
  const options = { strict: true, module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, skipLibCheck: true };
  const program = ts.createProgram(files, { ...options, lib: ["lib.es2023.d.ts"], types: ["node"], noEmit: true });
  const checker = program.getTypeChecker();
  const isOptions = (type: ts.Type): boolean => {
    const given = checker.getNonNullableType(type);
    if (noOptions.test(checker.typeToString(given))) return false;
    if (given.isUnion() || checker.isArrayType(given) || given.getCallSignatures().length > 0) return false;
    if (!(given.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
    if (/Options$/.test(given.aliasSymbol?.name ?? given.symbol?.name ?? "")) return true;
    const properties = given.getProperties();
    return properties.length > 0 && properties.every(({ flags }) => flags & ts.SymbolFlags.Optional);
  };
  return files.flatMap((file, i) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker.getExportsOfModule(module).flatMap((exported): Found[] => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!(symbol.flags & ts.SymbolFlags.Value)) return [];
      const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures();
      const positions = signatures.flatMap(({ parameters }) =>
        parameters.flatMap((parameter, at) =>
          isOptions(checker.getTypeOfSymbolAtLocation(parameter, parameter.valueDeclaration!)) ? [at] : [],
        ),
      );
      const position = positions[0];
      return position === undefined ? [] : [{ door: doors[i]!, name: exported.name, position }];
    });
  });
}

const found = functionsWithOptions();

describe("options", () => {
  it("are looked for behind every door", () => {
    expect(found.length).toBeGreaterThan(100);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["lstm", "adam", "padSequences", "inspect"]));
  });

  it.each(found.filter(({ name }) => !(name in exceptions)))(
    "of $name are checked",
    async ({ door, name, position }) => {
      const checked = (exportsOf[door] as Record<string, (...given: unknown[]) => { next?: () => unknown }>)[name]!;
      const call = async (options: unknown) => {
        const result = checked(...(argumentsOf[name]?.(options) ?? [...new Array(position).fill(undefined), options]));
        // A generator begins when it is first asked.
        return typeof result?.next === "function" ? result.next() : result;
      };
      await expect(call({ noSuchOption: 1 })).rejects.toThrow(/there is no option "noSuchOption"/);
      for (const wrong of ["text", 7, null, [], new Map()]) await expect(call(wrong)).rejects.toThrow(ConfigError);
    },
  );
});
