/**
 * Exactly at a bend, where weights, padding and endpoints often are, finite differences cannot judge a function. The derivatives stated here are
 * those that Keras 3.15.1 gives on TensorFlow 2.21 (keras.activations, keras.ops, keras.losses under tf.GradientTape), on every engine.
 */
import { describe, expect, it } from "vitest";
import { activations } from "../../src/activations/index.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import * as ops from "../../src/equations/index.js";
import { constant, differentiate, input, type Node, sum } from "../../src/equations/index.js";
import { maximum, maxPooling1D, minimum } from "../../src/layers/index.js";
import { binaryCrossentropy, resolveLoss } from "../../src/losses/index.js";
import { expectClose, runEquations } from "./run-equations.js";

/** Derivatives of Σ f by each argument, at given numbers. */
async function expectDerivatives(f: (...x: Node[]) => Node, at: readonly number[][], expected: readonly number[][]) {
  const names = at.map((_, i) => `x${i}`);
  const nodes = at.map((numbers, i) => input(names[i]!, [numbers.length]));
  const gradients = differentiate(sum(f(...nodes)), nodes);
  const named = <Value>(values: readonly Value[]) => Object.fromEntries(names.map((name, i) => [name, values[i]!]));
  const equations = {
    name: "bend",
    inputs: named(nodes),
    outputs: Object.fromEntries(gradients.map((d, i) => [`d${i}`, d])),
  };
  for (const [engine, tolerance] of [
    [referenceEngine, 1e-7],
    [wasmEngine, 1e-6],
  ] as const) {
    const result = await runEquations(equations, named(at), { engine });
    expected.forEach((numbers, i) => {
      expectClose(result[`d${i}`]!, numbers, tolerance, `derivative by argument ${i} on ${engine.name}`);
    });
  }
}

/** Where each activation bends, and its derivative there. */
const atBends: Readonly<Record<string, readonly (readonly [at: number, derivative: number])[]>> = {
  relu: [[0, 0]],
  relu6: [
    [0, 0],
    [6, 0],
  ],
  leakyRelu: [[0, 0.2]],
  elu: [[0, 1]],
  selu: [[0, 1.0507009873554805]],
  softplus: [[0, 0.5]],
  logSigmoid: [[0, 0.5]],
  softsign: [[0, 1]],
  mish: [[0, 0.6]],
  gelu: [[0, 0.5]],
  silu: [[0, 0.5]],
  hardSilu: [
    [-3, 0],
    [3, 1],
  ],
  hardTanh: [
    [-1, 1],
    [1, 1],
  ],
  hardSigmoid: [
    [-3, 0],
    [3, 0],
  ],
  sparseSigmoid: [
    [-1, 0],
    [1, 0],
  ],
  sparsePlus: [
    [-1, 0],
    [1, 1],
  ],
  hardShrink: [
    [-0.5, 0],
    [0.5, 0],
  ],
  softShrink: [
    [-0.5, 0],
    [0.5, 0],
  ],
};

describe("the derivative of an activation at a bend", () => {
  it.each(Object.entries(atBends))("is Keras's: %s", (name, bends) =>
    expectDerivatives(
      activations[name as keyof typeof activations],
      [bends.map(([at]) => at)],
      [bends.map(([, derivative]) => derivative)],
    ),
  );
});

describe("the derivative of an operation at a bend", () => {
  it("of relu is 0 at 0, as the activation's", async () => {
    await expectDerivatives(ops.relu, [[0, -1, 1]], [[0, 0, 1]]);
  });

  it("of abs is 0 at 0, and of sign and floor always", async () => {
    await expectDerivatives(ops.abs, [[0, -2, 2]], [[0, -1, 1]]);
    await expectDerivatives((x) => ops.add(ops.sign(x), ops.floor(x)), [[0, 1, 0.5]], [[0, 0, 0]]);
  });

  it("of maximum and minimum goes to the first of two equal numbers", async () => {
    await expectDerivatives(
      ops.maximum,
      [
        [1, 2],
        [1, 3],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    );
    await expectDerivatives(
      ops.minimum,
      [
        [1, 2],
        [1, 3],
      ],
      [
        [1, 1],
        [0, 0],
      ],
    );
  });

  it("of clip is 1 at both bounds", () =>
    expectDerivatives((x) => ops.clip(x, -1, 2), [[-1, 2, -1.1, 2.1]], [[1, 1, 0, 0]]));

  it("of max is shared among equal maxima", () =>
    expectDerivatives((x) => ops.max(x, [0]), [[1, 1, 0]], [[0.5, 0.5, 0]]));

  it("of softplus is ½ at 0", () => expectDerivatives(ops.softplus, [[0]], [[0.5]]));
});

describe("the derivative of a layer at a tie", () => {
  const context = {
    training: false,
    seed: input("seed", [], "int"),
    nextStream: () => 0,
    parameter: (name: string): Node => expect.fail(`no parameter ${name}`),
  };

  it.each([
    ["maximum", maximum()],
    ["minimum", minimum()],
  ])("goes to the first input of %s", (_, layer) => {
    const signal = (x: Node) => ({ node: ops.reshape(x, [1, 1]), timeMajor: false });
    return expectDerivatives((a, b) => layer.call([signal(a), signal(b)], context)[0].node, [[1], [1]], [[1], [0]]);
  });

  it("goes to the first place of a window", () =>
    expectDerivatives(
      (x) => maxPooling1D().call([{ node: ops.reshape(x, [1, 4, 1]), timeMajor: false }], context)[0].node,
      [[1, 1, 2, 2]],
      [[1, 0, 1, 0]],
    ));
});

describe("the derivative of a loss at a bend", () => {
  it.each([
    ["hinge", [1, -1], [1, -1], [-0.5, 0.5]],
    ["squaredHinge", [1, -1], [1, -1], [0, 0]],
    ["categoricalHinge", [0, 1, 0], [1, 1, 1], [0.5, -1, 0.5]],
    ["huber", [0, 0], [1, -1], [0.5, -0.5]],
    ["meanAbsoluteError", [0, 1], [0, 1], [0, 0]],
    ["meanAbsolutePercentageError", [1, 2], [1, 2], [0, 0]],
    ["logCosh", [0], [0], [0]],
    ["binaryCrossentropy", [1, 0, 1, 0], [1, 0, 0, 1], [0, 0, 0, 0]],
    ["categoricalCrossentropy", [1, 0], [1, 0], [0, 0]],
    ["kullbackLeiblerDivergence", [1, 0], [1, 0], [-1, 0]],
    ["meanSquaredLogarithmicError", [0], [0], [0]],
    ["cosineSimilarity", [0, 0], [0, 0], [0, 0]],
  ] as const)("is Keras's: %s", (name, y, at, expected) =>
    expectDerivatives(
      (x) => resolveLoss(name).perSample(constant(y, [1, y.length]), ops.reshape(x, [1, at.length])),
      [[...at]],
      [[...expected]],
    ),
  );

  it("of the binary crossentropy is ½ − y at a logit of 0", () =>
    expectDerivatives(
      (z) => binaryCrossentropy({ fromLogits: true }).perSample(constant([0, 1], [2, 1]), ops.reshape(z, [2, 1])),
      [[0, 0]],
      [[0.5, -0.5]],
    ));
});
