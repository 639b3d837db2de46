/** What must compile under the strictest settings: members of the lists by name, and the numbers of a prediction. */
import ts from "typescript";
import { expect, it } from "vitest";

const program = `
import { dense, type Initializer, type Optimizer, initializers, losses, metrics, optimizers, regularizers, sequential } from "../../src/index.js";
const kernel: Initializer = initializers.randomNormal({ stddev: 0.1, seed: 1 });
const byHand: Optimizer = optimizers.adam({ learningRate: 0.1 });
const others = [losses.huber({ delta: 2 }), metrics.auc({ curve: "PR" }), regularizers.l2({ l2: 0.1 })];
const model = sequential([dense(1, { inputShape: [2] })]);
async function sums(): Promise<number[]> {
  const prediction = await model.predict([[1, 2]]);
  const whole: number = prediction.data.reduce((sum, value) => sum + value, 0);
  const texts: string = prediction.data.reduce((text, value) => text + value.toFixed(1), "");
  const most: number = prediction.data.reduceRight((a, b) => Math.max(a, b));
  const { output, state } = await model.run([[1, 2]]);
  const stepped = (await model.stream()).step([1, 2]);
  const weights: number[] = model.getWeights().map(({ data }) => data.reduce((sum, value) => sum + value, 0));
  const kept: number[] = Array.from(prediction.data.map((value) => 2 * value).filter((value) => value > 0));
  return [whole, most, texts.length, output.data.reduce((a, b) => a + b), ...weights, ...kept, stepped.reduce((a, b) => a + b), Object.keys(state).length];
}
export { kernel, byHand, others, sums };
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
