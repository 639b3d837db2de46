import { describe, expect, it } from "vitest";
import { runEquations } from "../../tests/conformance/run-equations.js";
import { randomNested, traceLayer } from "../../tests/conformance/trace-layer.js";
import { gruCell, lstmCell, simpleRNNCell } from "../cells/index.js";
import { isOp, randomOp, topologicalOrder } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { gru, rnn, simpleRNN } from "./index.js";

const x = randomNested([3, 5, 2], 1);

describe("rnn with stacked cells", () => {
  it("numbers their weights and states from the bottom", () => {
    const stack = rnn([lstmCell, gruCell], [4, 3], { returnState: true, cellOptions: [{ useBias: false }] });
    expect(stack.parameters([null, 5, 2]).map(({ name, shape }) => [name, ...shape])).toEqual([
      ["kernel1", 2, 16],
      ["recurrent_kernel1", 4, 16],
      ["kernel2", 4, 9],
      ["recurrent_kernel2", 3, 9],
      ["bias2", 2, 9],
    ]);
    expect(stack.outputShapes([null, 5, 2])).toEqual([
      [null, 3],
      [null, 4],
      [null, 4],
      [null, 3],
    ]);
  });

  it("computes the same as stacked layers", async () => {
    const stack = traceLayer(rnn([simpleRNNCell, gruCell], [4, 3]), { x });
    const weights = stack.parameters.map((name) => Array.from(stack.values[name]!));
    const run = async ({ inputs, values, outputs }: typeof stack) =>
      (await runEquations({ name: "rnn", inputs, outputs: { y: outputs[0]! } }, values)).y!;
    const below = traceLayer(simpleRNN(4, { returnSequences: true }), { x });
    below.parameters.forEach((name, i) => {
      below.values[name] = weights[i]!;
    });
    const flat = await run(below);
    const between = [0, 1, 2].map((b) => [0, 1, 2, 3, 4].map((t) => flat.slice((b * 5 + t) * 4, (b * 5 + t + 1) * 4)));
    const above = traceLayer(gru(3), { x: between });
    above.parameters.forEach((name, i) => {
      above.values[name] = weights[3 + i]!;
    });
    expect(await run(stack)).toEqual(await run(above));
  });

  it("drops the input of each cell, and each gate separately where the states are dropped too", () => {
    const noises = (options: { dropout?: number; recurrentDropout?: number }) => {
      const { outputs } = traceLayer(rnn([simpleRNNCell, lstmCell], [4, 3], options), { x, training: true });
      const random = topologicalOrder(outputs).filter((node) => isOp(node, randomOp));
      return random.map(({ shape }) => shape.join("×")).sort();
    };
    expect(noises({ dropout: 0.5 })).toEqual(["3×2", "3×4"]);
    expect(noises({ recurrentDropout: 0.5 })).toEqual([...new Array(4).fill("3×3"), "3×4"]);
    expect(noises({ dropout: 0.2, recurrentDropout: 0.5 })).toHaveLength(2 + 8);
  });

  it.each([
    [() => rnn([lstmCell], [2, 3]), "RNN: expected a list of cells and as many units, from the bottom up."],
    [() => rnn([], []), "RNN: expected a list of cells and as many units"],
    [() => rnn([lstmCell, gruCell], [4, 0]), "RNN: units must be a positive integer, received 0."],
  ])("refuses values that are not a stack (%#)", (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
