/**
 * Every exported function, and every method of an exported class, that takes options refuses a name that it does not know. They are found
 * by their types, so a new one cannot forget: it is called with an unknown option, behind the arguments that the tables below give it.
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
  cloneModel: (options) => [main.sequential([main.dense(2)]), options],
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

/** An object of each exported class and interface whose methods take options. */
const compiled = { optimizer: "sgd", loss: "meanSquaredError" } as const;
const numbers = main.input({ shape: [3] });
const target = main.input({ shape: [null], name: "target" });
const [steps] = main
  .gru(2, { returnSequences: true, returnState: true })
  .apply([main.embedding(4, 2).apply(target), main.dense(2).apply(numbers)]);
const translator = main.functional({ inputs: [numbers, target], outputs: main.dense(4).apply(steps!) }, { seed: 1 });
const instances: Readonly<Record<string, object>> = {
  Functional: main
    .functional({ inputs: numbers, outputs: main.dense(1).apply(numbers) }, { seed: 1 })
    .compile(compiled),
  Sequential: main.sequential([main.dense(1, { inputShape: [3] })], { seed: 1 }).compile(compiled),
  Dataset: main.Dataset.from([1, 2]),
  Decoder: main.decoder(translator, { target: "target" }),
};
/** Types whose methods are tried elsewhere, or take no options of a user, and why. */
const abstractTypes: Readonly<Record<string, string>> = {
  Model: "Functional and Sequential are models",
  NetworkModel: "Functional and Sequential are models",
  SummedMetric: "its method is given nodes",
  TrainingCode: "the code of a recipe, which checks its settings by the schema of its options",
};
/** What methods are given before their options. */
const data = [[[1, 2, 3]], [[1]]];

interface Found {
  readonly door: string;
  /** Of a method, "Type.method". */
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
  const positionIn = (called: ts.Symbol): number | undefined =>
    checker
      .getTypeOfSymbol(called)
      .getCallSignatures()
      .flatMap(({ parameters }) =>
        parameters.flatMap((parameter, at) =>
          isOptions(checker.getTypeOfSymbolAtLocation(parameter, parameter.valueDeclaration!)) ? [at] : [],
        ),
      )[0];
  const methodsOf = (symbol: ts.Symbol): ts.Symbol[] =>
    symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)
      ? checker.getDeclaredTypeOfSymbol(symbol).getProperties().filter(isPublic)
      : [];
  return files.flatMap((file, i) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker.getExportsOfModule(module).flatMap((exported): Found[] => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const called: [string, ts.Symbol][] = methodsOf(symbol).map((method) => [
        `${exported.name}.${method.name}`,
        method,
      ]);
      if (symbol.flags & ts.SymbolFlags.Value) called.push([exported.name, symbol]);
      return called.flatMap(([name, each]) => {
        const position = positionIn(each);
        return position === undefined ? [] : [{ door: doors[i]!, name, position }];
      });
    });
  });
}

/** Of ours, not private, and not for other parts of the package alone. */
function isPublic({ name, declarations = [] }: ts.Symbol): boolean {
  return (
    !name.startsWith("#") &&
    declarations.some((each) => !each.getSourceFile().fileName.includes("node_modules") && !isInternal(each))
  );
}

const isInternal = (declaration: ts.Declaration) =>
  ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === "internal");

const found = functionsWithOptions();
const functions = found.filter(({ name }) => !name.includes("."));
const methods = found.filter(({ name }) => name.includes(".") && !(name.split(".")[0]! in abstractTypes));

describe("options", () => {
  it("are looked for behind every door", () => {
    expect(found.length).toBeGreaterThan(100);
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["lstm", "adam", "padSequences", "inspect", "Sequential.fit", "Functional.summary"]),
    );
  });

  it.each(methods)("of the method $name are checked", async ({ name, position }) => {
    const [type, method] = name.split(".") as [string, string];
    const instance = instances[type] as Record<string, (...given: unknown[]) => unknown>;
    expect(instance, `an object of ${type} in the table`).toBeDefined();
    const call = async (options: unknown) => instance[method]!(...data.slice(0, position), options);
    await expect(call({ noSuchOption: 1 })).rejects.toThrow(/there is no option "noSuchOption"/);
    for (const wrong of ["text", 7, null, [], new Map()]) await expect(call(wrong)).rejects.toThrow(ConfigError);
  });

  it.each(functions.filter(({ name }) => !(name in exceptions)))(
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
