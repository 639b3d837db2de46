/** What must compile under the strictest settings: members of the lists by name, and the numbers of a prediction. */
import ts from "typescript";
import { expect, it } from "vitest";

const program = `
import { type Initializer, type Optimizer, initializers, losses, metrics, optimizers, regularizers } from "../../src/index.js";
const kernel: Initializer = initializers.randomNormal({ stddev: 0.1, seed: 1 });
const byHand: Optimizer = optimizers.adam({ learningRate: 0.1 });
const others = [losses.huber({ delta: 2 }), metrics.auc({ curve: "PR" }), regularizers.l2({ l2: 0.1 })];
export { kernel, byHand, others };
`;

it("initializers.randomNormal({ … }) and its kind compile", () => {
  const name = new URL("strict-program.ts", import.meta.url).pathname;
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    types: ["node"],
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(file, program, ts.ScriptTarget.ES2022) : read(file, ...rest);
  const exists = host.fileExists;
  host.fileExists = (file) => file === name || exists(file);
  const built = ts.createProgram([name], options, host);
  const problems = built.getSemanticDiagnostics(built.getSourceFile(name));
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))).toEqual([]);
});
