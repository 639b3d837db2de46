/**
 * Generation one step at a time, from the equations: one program id → y whose state is made of variables that it updates in place. The next
 * character's id goes in and becomes one-hot there, its probabilities come back.
 */
import type { AnyCell } from "../../src/cells/cell.js";
import { compile } from "../../src/compiler/compile.js";
import { add, input, matmul, type Node, oneHot, softmax, variable } from "../../src/equations/index.js";
import { type Engine, lstmCell, simpleRNNCell } from "../../src/index.js";
import type { Numbers, Workload } from "../workloads.js";

const cells: Readonly<Record<string, AnyCell>> = { lstm: lstmCell, simpleRNN: simpleRNNCell };
const same = (x: Node): Node => x;

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
  const cell = cells[model.cell]!;
  const sizes = { ...cell.options, features: model.features, units: model.units[0]! };
  const variables = weights.map((weight, i) => kept(`weight-${i}`, weight));
  const ofCell = Object.keys(cell.parameters(sizes)).map((name, i) => [name, variables[i]]);
  const [kernel, bias] = variables.slice(-2) as [Node, Node];
  const start = new Float32Array(sizes.units);
  const names = Object.keys(cell.state(sizes));
  const states = names.map((name) => kept(name, { data: start, shape: [1, sizes.units] }));
  const id = input("id", [1], "int");
  const x = oneHot(id, model.features);
  const next: Record<string, Node> = cell.step(
    { x, ...Object.fromEntries(names.map((name, i) => [name, states[i]])) },
    Object.fromEntries(ofCell),
    { ...sizes, dropInput: same, dropState: same },
  );
  const y = softmax(add(matmul(next.output!, kernel), bias));
  const updates = names.map((name, i): [Node, Node] => [states[i]!, next[name]!]);
  const program = await device.load(compile({ name: "step", inputs: { id }, outputs: { y }, updates }));
  const ids = Array.from(text.data.subarray(0, time), (each) => [each]);
  return () => {
    for (const name of names) device.writeVariable(name, start);
    let probabilities: ArrayLike<number> = [];
    for (const id of ids) {
      program.run({ id });
      probabilities = program.output("y");
    }
    return Array.from(probabilities);
  };
}
