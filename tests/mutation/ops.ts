/**
 * Negates the derivative of each operation, gives one to those that have none, and scales what each kernel stores, one at a time; each
 * must turn a test of the suites of operations and engines red. Not part of `npm test`:
 *
 *     npx tsx tests/mutation/ops.ts            # all of them, some minutes
 *     npx tsx tests/mutation/ops.ts matmul     # those whose line holds the word
 *     npx tsx tests/mutation/ops.ts --control  # the same places, multiplied by 1 and not negated: none may die
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { listFiles, parseSource, root, type SourceFile, walk } from "../house/source.js";
import { type Mutant, type Outcome, outcomeOf, replaced } from "./mutant.js";

/** Changes without effect in the same places: all of them must survive, else mutants die of how they are made. */
const control = process.argv.includes("--control");

const opTests = ["tests/conformance/ops.test.ts"];
/** The suites that a mutant of a kernel is run against: the quickest first, then the likeliest. */
function kernelTests(file: string): string[][] {
  const suite = /matmul/.test(file) ? "matmul" : /(map|scalar-op|power|vector-math)\.ts$/.test(file) ? "map" : "rows";
  const all = ["engines", "engines-rows", "engines-map", "engines-matmul", "kernels-by-rows"];
  const order = [...new Set(["engines", `engines-${suite}`, ...all])];
  return order.map((name) => [`tests/conformance/${name}.test.ts`]);
}

const filesIn = (folder: string): SourceFile[] =>
  listFiles(folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => parseSource(file, readFileSync(path.join(root, file), "utf8")));

function mutantOf(file: SourceFile, node: ts.Node, by: string, what: string, after: string): Mutant {
  const start = node.getStart(file.tree);
  const line = file.tree.getLineAndCharacterOfPosition(start).line + 1;
  return { file: file.path, line, what, text: replaced(file.path, start, node.getEnd(), by, after) };
}

/** Stands at the end of a file of operations; a name of its own, since the file may import or declare `negate`. */
const negation =
  'import { negate as negateOf } from "./elementwise.js";\nfunction negated(x) { return ' +
  (control ? "x" : "negateOf(x)") +
  "; }\n";
const makers = new Set(["unary", "binary", "unaryOp", "binaryOp"]);

/** Mutants of what an operation states about its derivative. */
function derivatives(file: SourceFile): Mutant[] {
  const found: Mutant[] = [];
  walk(file.tree, (node) => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && makers.has(node.expression.text)) {
      const [name, rule] = node.arguments;
      if (!rule || !name || !ts.isStringLiteral(name)) return;
      if (ts.isIdentifier(rule) && /^(none|nowhere)$/.test(rule.text)) {
        if (control) return;
        const given = rule.text === "none" ? "(dy) => dy" : "(dy) => [() => dy, () => dy]";
        found.push(mutantOf(file, rule, given, `${name.text} has a derivative`, negation));
        return;
      }
      const by = `((dy, value) => (${rule.getText(file.tree)})(negated(dy), value))`;
      found.push(mutantOf(file, rule, by, `derivative of ${name.text} negated`, negation));
      return;
    }
    if (!ts.isObjectLiteralExpression(node)) return;
    const stated = (key: string) =>
      node.properties.find((p): p is ts.PropertyAssignment => ts.isPropertyAssignment(p) && p.name.getText() === key);
    const [name, rule] = [stated("name")?.initializer, stated("derivative")?.initializer];
    if (!name || !rule || !ts.isStringLiteral(name)) return;
    const text = rule.getText(file.tree);
    if (name.text === "oneHot" || name.text === "random") return; // Their inputs are integers, which no gradient asks for.
    const nothing = /=>\s*\[undefined\]$/.test(text);
    if (nothing && control) return;
    const by = nothing
      ? "({ dy, node }) => node.inputs.map(() => dy)"
      : `((context) => (${text})({ ...context, dy: negated(context.dy) }))`;
    found.push(mutantOf(file, rule, by, `derivative of ${name.text} ${nothing ? "given" : "negated"}`, negation));
  });
  return found;
}

const scaling = `
import { f32x4 as f32x4Of, v128 as v128Of } from "../instructions.js";
function tripled(value) {
  const factor = () => v128Of.const("f32x4", new Array(4).fill(${control ? 1 : 3}));
  return value.kind === "stack-var" ? f32x4Of.mul(value, factor()) : f32x4Of.mul(factor(), value);
}
`;

/** Mutants of what a kernel stores. */
function stores(file: SourceFile): Mutant[] {
  const found: Mutant[] = [];
  walk(file.tree, (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText(file.tree) === "vectorFunctions") {
      for (const property of (node.initializer as ts.ObjectLiteralExpression).properties) {
        const name = property.name!.getText(file.tree);
        const value = ts.isPropertyAssignment(property) ? property.initializer.getText(file.tree) : name;
        const by = `${name}: (asm, ...given) => asm.vector(tripled((${value})(asm, ...given)))`;
        found.push(mutantOf(file, property, by, `${name} times 3`, scaling));
      }
    }
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const called = node.expression.getText(file.tree);
    const values: Record<string, number> = { "v128.store": 2, "v128.store32_lane": 3, "asm.storeLanes": 1 };
    const value = node.arguments[values[called] ?? -1];
    const text = node.getText(file.tree);
    if (value) {
      // storeLanes uses its vector more than once, so it takes a local.
      const by = `tripled(${value.getText(file.tree)})`;
      const held = called === "asm.storeLanes" ? `asm.vector(${by})` : by;
      found.push(mutantOf(file, value, held, `${text} times 3`, scaling));
    } else if (called === "memory.fill" || called === "memory.copy") {
      found.push(mutantOf(file, node, `(i32.const(${control ? 1 : 0}), i32.mul(), ${text})`, `${text} of nothing`, ""));
    } else if (called === "f32.store" || called === "i32.store") {
      const type = called.slice(0, 3);
      const last = node.arguments[2];
      const more = (of: string) => `${type}.add(${of}${type}.const(${control ? 0 : 1}))`;
      const by = last
        ? `${called}({}, ${node.arguments[1]!.getText(file.tree)}, plusOne(${last.getText(file.tree)}))`
        : `(${type}.const(${control ? 0 : 1}), ${type}.add(), ${text})`;
      const plus = `function plusOne(value) { return value.kind === "stack-var" ? ${more("value, ")} : ${type}.add(${type}.const(${control ? 0 : 1}), value); }\n`;
      found.push(mutantOf(file, node, by, `${text} plus 1`, plus));
    }
  });
  return found;
}

/** Seconds for the tests of one mutant: a slow machine that does other things, too. */
const LIMIT = 600;

const word = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const wanted = ({ file, what }: Mutant): boolean => `${file} ${what}`.includes(word);
const derived = filesIn("src/equations/ops").flatMap(derivatives).filter(wanted);
const kernels = filesIn("src/engines/wasm/kernels").flatMap(stores).filter(wanted);
for (const tests of [opTests, ["tests/conformance/engines", "tests/conformance/kernels-by-rows.test.ts"]]) {
  if ((await outcomeOf(undefined, tests, LIMIT)) !== "survived") throw new Error(`${tests} fail as they are`);
}
const survivors: string[] = [];
let tried = 0;
for (const mutant of [...derived, ...kernels]) {
  const suites = mutant.file.includes("/kernels/") ? kernelTests(mutant.file) : [opTests];
  let outcome: Outcome = "survived";
  for (const tests of suites) {
    outcome = await outcomeOf(mutant, tests, LIMIT);
    if (outcome !== "survived") break;
  }
  const line = `${outcome.padEnd(8)} ${mutant.file}:${mutant.line} ${mutant.what}`;
  console.log(line);
  tried++;
  if (outcome === "survived") survivors.push(line);
}
console.log(`\n${tried} mutants, ${survivors.length} survived${survivors.map((line) => `\n${line}`).join("")}`);
process.exitCode = survivors.length === (control ? tried : 0) ? 0 : 1;
