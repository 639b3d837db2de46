/** What the lecture on recurrent networks writes on its slides, computed. */
import { describe, expect, it } from "vitest";
import {
  add,
  constant,
  differentiate,
  input,
  matmul,
  mul,
  type Node,
  reshape,
  slice,
  sum,
  tanh,
  zeros,
} from "../../src/equations/index.js";
import { type Layer, simpleRNN } from "../../src/layers/index.js";
import { categoricalCrossentropy, reduceLoss, sparseCategoricalCrossentropy } from "../../src/losses/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "./run-equations.js";
import { lossEquations, randomNested, type TracedLayer, traceLayer } from "./trace-layer.js";

describe("SimpleRNN(4) on a sentence of three words, two numbers each", () => {
  const x = [
    [
      [0.5, -0.2],
      [0.1, 0.9],
      [-0.7, 0.3],
    ],
  ];
  const kernel = [
    [0.1, -0.4, 0.3, 0.8],
    [0.5, 0.2, -0.6, 0.05],
  ];
  const recurrentKernel = [
    [0.2, -0.1, 0.4, 0.3],
    [0.7, 0.1, -0.5, 0.25],
    [-0.3, 0.6, 0.15, -0.2],
    [0.05, -0.45, 0.35, 0.55],
  ];
  const bias = [0.01, -0.02, 0.03, 0.04];

  /** h(t) = tanh(x(t)·W + h(t−1)·R + b), with loops. */
  const states: number[][] = [];
  for (const word of x[0]!) {
    const before = states.at(-1) ?? [0, 0, 0, 0];
    states.push(
      bias.map((b, j) => {
        const fromWord = word.reduce((total, value, i) => total + value * kernel[i]![j]!, 0);
        const fromState = before.reduce((total, value, i) => total + value * recurrentKernel[i]![j]!, 0);
        return Math.tanh(fromWord + fromState + b);
      }),
    );
  }

  it("gives the last state, [1, 4]", async () => {
    const layer = simpleRNN(4, { inputShape: [3, 2] });
    const { inputs, values, outputs } = traceLayer(layer, { x, weights: [kernel, recurrentKernel, bias] });
    expect(outputs[0]!.shape).toEqual([1, 4]);
    const { y } = await runEquations({ name: "rnn", inputs, outputs: { y: outputs[0]! } }, values);
    expectClose(y!, states[2]!, 1e-14);
  });

  it("gives every state with returnSequences, [1, 3, 4]", async () => {
    const layer = simpleRNN(4, { inputShape: [3, 2], returnSequences: true });
    const { inputs, values, outputs } = traceLayer(layer, { x, weights: [kernel, recurrentKernel, bias] });
    expect(outputs[0]!.shape).toEqual([1, 3, 4]);
    const { y } = await runEquations({ name: "rnn", inputs, outputs: { y: outputs[0]! } }, values);
    expectClose(y!, states.flat(), 1e-14);
  });

  it("has 4·(2 + 4 + 1) = 28 weights", () => {
    const sizes = simpleRNN(4)
      .parameters([null, 3, 2])
      .map(({ shape }) => shape.reduce((a, b) => a * b, 1));
    expect(sizes).toEqual([8, 16, 4]);
  });
});

describe("the loss of a classification", () => {
  async function lossOf(prediction: number[][], classes: number[], normalize: boolean) {
    const size = prediction[0]!.length;
    const yPred = constant(prediction.flat(), [prediction.length, size]);
    const ids = input("ids", [classes.length], "int");
    const oneHot = input("oneHot", yPred.shape);
    const sparse = sparseCategoricalCrossentropy({ normalize }).perSample(ids, yPred);
    const categorical = categoricalCrossentropy({ normalize }).perSample(oneHot, yPred);
    return runEquations(
      { name: "loss", inputs: { ids, oneHot }, outputs: { sparse, categorical, j: reduceLoss(sparse) } },
      { ids: classes, oneHot: classes.flatMap((k) => Array.from({ length: size }, (_, i) => Number(i === k))) },
    );
  }

  it("is −log 0.7 for ŷ = [0.3, 0.7] and the second class", async () => {
    for (const normalize of [true, false]) {
      const { sparse, categorical } = await lossOf([[0.3, 0.7]], [1], normalize);
      expectClose(sparse!, [-Math.log(0.7)], 1e-15);
      expectClose(categorical!, [-Math.log(0.7)], 1e-15);
    }
  });

  const fiveSteps = [
    [0.2, 0.5, 0.1, 0.1, 0.1],
    [0.3, 0.4, 0.1, 0.1, 0.1],
    [0.1, 0.1, 0.3, 0.4, 0.1],
    [0.2, 0.2, 0.1, 0.3, 0.1],
    [0.2, 0.1, 0.2, 0.1, 0.3],
  ];
  const rightOnes = [0.2, 0.4, 0.3, 0.3, 0.3];

  it("of five steps is −log of the right class at each, and J is their mean, as the slide has it", async () => {
    const expected = rightOnes.map((p) => -Math.log(p));
    const { sparse, categorical, j } = await lossOf(fiveSteps, [0, 1, 2, 3, 4], false);
    expectClose(sparse!, expected, 1e-15);
    expectClose(categorical!, expected, 1e-15);
    expectClose(j!, [expected.reduce((a, b) => a + b) / 5], 1e-15);
  });

  it("divides ŷ by its sum unless told otherwise: rows four and five of the slide sum to 0.9", async () => {
    const { sparse } = await lossOf(fiveSteps, [0, 1, 2, 3, 4], true);
    expectClose(
      sparse!,
      rightOnes.map((p, i) => -Math.log(p / (i < 3 ? 1 : 0.9))),
      1e-14,
    );
  });
});

describe("back-propagation through time", () => {
  const [B, F, U] = [2, 3, 4];

  function traceLong(
    T: number,
    options: Parameters<typeof simpleRNN>[1],
  ): { traced: TracedLayer; coefficients: NestedArray } {
    // Small inputs and a recurrent kernel that keeps lengths: the past does not fade, so a cut shows.
    const small = { kernelInitializer: "normal", biasInitializer: "normal", recurrentInitializer: "orthogonal" };
    const layer: Layer = simpleRNN(U, { returnSequences: true, ...small, ...options });
    return { traced: traceLayer(layer, { x: randomNested([B, T, F], 3) }), coefficients: randomNested([B, T, U], 4) };
  }

  async function gradients(T: number, options: Parameters<typeof simpleRNN>[1] = {}) {
    const { traced, coefficients } = traceLong(T, options);
    return runEquations(lossEquations(traced, [coefficients], ["kernel", "recurrent_kernel", "bias"]), traced.values);
  }

  it("∂J/∂W_h is the sum over the steps of what each step contributes", async () => {
    const T = 6;
    const { traced, coefficients } = traceLong(T, {});
    const x = traced.inputs.x!;
    // Unrolled, with a copy of the recurrent kernel of its own at every step.
    const copies = Array.from({ length: T }, (_, t) => input(`R${t}`, [U, U]));
    const states: Node[] = [];
    for (let t = 0; t < T; t++) {
      const word = reshape(slice(x, 1, t, 1), [B, F]);
      const z = add(matmul(word, traced.inputs.kernel!), matmul(states.at(-1) ?? zeros([B, U]), copies[t]!));
      states.push(tanh(add(z, traced.inputs.bias!)));
    }
    const c = constant([...toTensor(coefficients).data], [B, T, U]);
    const J = add(...states.map((h, t) => sum(mul(h, reshape(slice(c, 1, t, 1), [B, U])))));
    const contributions = differentiate(J, copies);
    const inputs: Record<string, Node> = { ...traced.inputs };
    const values = { ...traced.values };
    for (const copy of copies) {
      inputs[copy.name!] = copy;
      values[copy.name!] = traced.values.recurrent_kernel!;
    }
    const equations = lossEquations(traced, [coefficients], ["recurrent_kernel"]);
    const result = await runEquations(
      {
        name: "unrolled",
        inputs,
        outputs: { ...equations.outputs, total: add(...contributions), last: contributions[T - 1]! },
      },
      values,
    );
    expectClose(result.d_recurrent_kernel!, result.total!, 1e-13);
    expect(result.last).not.toEqual(result.total);
  });

  const truncation = { window: 20, stride: 1 };
  const names = ["d_kernel", "d_recurrent_kernel", "d_bias"];

  it.each([1, 5, 19, 20])("cut after 20 steps it is complete for %d steps", async (T) => {
    const [full, cut] = [await gradients(T), await gradients(T, { truncation })];
    for (const name of names) expectClose(cut[name]!, full[name]!, 1e-13, name);
  });

  it.each([21, 40])("cut after 20 steps it differs for %d steps, though the states do not", async (T) => {
    const [full, cut] = [await gradients(T), await gradients(T, { truncation })];
    expectClose(cut.output0!, full.output0!, 1e-15);
    const difference = (name: string) => Math.max(...full[name]!.map((value, i) => Math.abs(value - cut[name]![i]!)));
    expect(difference("d_kernel")).toBeGreaterThan(1e-3);
    expect(difference("d_bias")).toBeGreaterThan(1e-3);
    // Of 21 steps only the first is out of reach, and there the recurrent kernel multiplies a state of zeros.
    if (T > 21) expect(difference("d_recurrent_kernel")).toBeGreaterThan(1e-3);
  });
});
