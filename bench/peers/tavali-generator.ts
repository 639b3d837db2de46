/**
 * Generation one step at a time, from the equations: one program x → y whose state is a variable that it updates in place. The next
 * character's one-hot row goes in, its probabilities come back.
 */
import { compile } from "../../src/compiler/compile.js";
import { add, input, matmul, type Node, softmax, tanh, variable } from "../../src/equations/index.js";
import type { Engine } from "../../src/index.js";
import type { Numbers, Workload } from "../workloads.js";

/** A function that reads the text from a state of zeros and gives the probabilities after its last character. */
export async function generator(
  engine: Engine,
  { model, time }: Workload,
  weights: readonly Numbers[],
  text: Numbers,
): Promise<() => number[]> {
  const device = engine.createDevice();
  const kept = (name: string, { data, shape }: Numbers): Node => {
    device.createVariable({ name, shape, dtype: "float" });
    device.writeVariable(name, data);
    return variable(name, shape);
  };
  const [kernel, recurrent, bias, out, outBias] = weights.map((weight, i) => kept(`weight-${i}`, weight)) as [
    Node,
    Node,
    Node,
    Node,
    Node,
  ];
  const units = model.units[0]!;
  const start = new Float32Array(units);
  const h = kept("h", { data: start, shape: [1, units] });
  const x = input("x", [1, model.features]);
  const next = tanh(add(add(matmul(x, kernel), matmul(h, recurrent)), bias));
  const y = softmax(add(matmul(next, out), outBias));
  const program = await device.load(compile({ name: "step", inputs: { x }, outputs: { y }, updates: [[h, next]] }));
  const rows = Array.from({ length: time }, (_, t) => text.data.subarray(t * model.features, (t + 1) * model.features));
  return () => {
    device.writeVariable("h", start);
    let probabilities: ArrayLike<number> = [];
    for (const row of rows) {
      program.run({ x: row });
      probabilities = program.output("y");
    }
    return Array.from(probabilities);
  };
}
