/** An optimizer by itself: weights in, gradients step by step, weights and slots out. */
import { compile } from "../../src/compiler/compile.js";
import type { Engine } from "../../src/engines/engine.js";
import { input, type Node, variable } from "../../src/equations/index.js";
import { clipGradients, type Optimizer } from "../../src/optimizers/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { flat } from "./golden.js";

/** One program that takes gradients and updates weights and slots, as the trainer's does. */
export async function startOptimizer(optimizer: Optimizer, initial: readonly NestedArray[], engine: Engine) {
  const weights = initial.map((value, i) => variable(`weight${i}`, toTensor(value).shape));
  const gradients = weights.map((weight, i) => input(`gradient${i}`, weight.shape));
  const learningRate = input("learningRate", []);
  const iteration = input("iteration", []);
  const updates: [Node, Node][] = [];
  clipGradients(gradients, optimizer.clip).forEach((gradient, i) => {
    const weight = weights[i]!;
    const slots = Object.fromEntries(optimizer.slots.map(({ name }) => [name, variable(`${name}${i}`, weight.shape)]));
    const result = optimizer.update({ weight, gradient, slots, learningRate, iteration });
    updates.push(
      [weight, result.weight],
      ...Object.entries(slots).map(([k, slot]): [Node, Node] => [slot, result.slots[k]!]),
    );
  });
  const inputs = Object.fromEntries([...gradients, learningRate, iteration].map((node) => [node.name!, node]));
  const program = compile({ name: "update", inputs, outputs: {}, updates });
  const device = engine.createDevice();
  for (const port of program.variables) device.createVariable(port);
  initial.forEach((value, i) => {
    const values = flat(value);
    device.writeVariable(`weight${i}`, values);
    for (const slot of optimizer.slots)
      device.writeVariable(
        `${slot.name}${i}`,
        values.map(() => slot.initial),
      );
  });
  const executable = await device.load(program);
  return {
    read: (name: string) => device.readVariable(name),
    step(values: readonly NestedArray[], number: number) {
      const given = Object.fromEntries(values.map((value, i) => [`gradient${i}`, flat(value)]));
      executable.run({ ...given, learningRate: [optimizer.learningRate], iteration: [number] });
    },
  };
}
