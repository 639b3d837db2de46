/** Custom cells, layers, losses, metrics and initializers whose functions return another kind of value: the error names the function and the value. */
import { describe, expect, it } from "vitest";
import { defineCell } from "../../src/cells/index.js";
import { add, explain, matmul, mean, sub, tanh } from "../../src/equations/index.js";
import { ConfigError, TavaliError } from "../../src/errors.js";
import { initializers } from "../../src/initializers/index.js";
import { defineLayer, dense, type Layer, rnn } from "../../src/layers/index.js";
import { defineLoss } from "../../src/losses/index.js";
import { defineMetric } from "../../src/metrics/index.js";
import { sequential } from "../../src/models/index.js";

// biome-ignore lint/suspicious/noExplicitAny: the values have types that TypeScript refuses
type Any = any;

/** Results of any kind, and how messages show them. */
const wrong: readonly (readonly [shown: string, result: () => unknown])[] = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["3", () => 3],
  ['"h"', () => "h"],
  ["a Promise", () => Promise.resolve([])],
  ["a Map", () => new Map()],
  ["a function", () => () => 1],
];

const cell: Any = {
  name: "mine",
  parameters: ({ units, features }: Any) => ({ k: { shape: [features, units], initializer: "glorotUniform" } }),
  state: ({ units }: Any) => ({ h: [units] }),
  step({ x }: Any, { k }: Any) {
    const next = tanh(matmul(x, k));
    return { output: next, h: next };
  },
};
const built = (changes: object) => () =>
  sequential([rnn(defineCell({ ...cell, ...changes }), 2, { inputShape: [4, 1] })]);

describe("a cell", () => {
  it.each(wrong)("returns %s", (shown, result) => {
    for (const part of ["parameters", "state", "step"]) {
      expect(built({ [part]: result })).toThrow(`The cell mine: ${part} returned ${shown}; expected`);
      expect(() => explain(defineCell({ ...cell, [part]: result }))).toThrow(
        `The cell mine: ${part} returned ${shown};`,
      );
    }
  });

  it.each<[string, object]>([
    ['the shape of its state "h" is 2; expected a list of sizes', { state: ({ units }: Any) => ({ h: units }) }],
    ['the shape of its state "h" is undefined', { state: () => ({ h: undefined }) }],
    ['the shape of its state "h" is { shape: […] }', { state: () => ({ h: { shape: [2] } }) }],
    ['the shape of its state "h" is ["a"]', { state: () => ({ h: ["a"] }) }],
    ["state returned {}", { state: () => ({}) }],
    ["state returned [[…]]", { state: () => [[2]] }],
    ['a state cannot be called "x"', { state: () => ({ x: [2] }) }],
    ['a state cannot be called "output"', { state: () => ({ output: [2] }) }],
    ['its state "h" would have the shape [1.5]', { state: () => ({ h: [1.5] }) }],
    ['its state "h" would have the shape [-1]', { state: () => ({ h: [-1] }) }],
    ['its weight "k" is [1, 2]; expected { shape', { parameters: () => ({ k: [1, 2] }) }],
    ['its weight "k" is null', { parameters: () => ({ k: null }) }],
    ['the shape of its weight "k" is "12"', { parameters: () => ({ k: { shape: "12", initializer: "zeros" } }) }],
    ["did you mean initializer?", { parameters: () => ({ k: { shape: [1, 2], initialiser: "zeros" } }) }],
    ["step returned a node; expected the output", { step: ({ h }: Any) => h }],
    ["step returned [{…}, {…}]", { step: ({ h }: Any) => [h, h] }],
  ])("is refused: %s", (message, changes) => {
    expect(built(changes)).toThrow(TavaliError);
    expect(built(changes)).toThrow(message);
  });

  it("may have a state whose size depends on the input, and weights that options leave out", () => {
    const step = ({ h }: Any) => ({ output: h, h });
    const parameters = () => ({ k: undefined });
    expect(built({ state: ({ features }: Any) => ({ h: [features * 3] }), parameters, step })().outputShape).toEqual([
      null,
      3,
    ]);
  });

  it("has a definition without other names", () => {
    expect(() => defineCell({ ...cell, option: { leak: 1 } })).toThrow(/no option "option"; did you mean options\?/);
  });
});

const layer = {
  config: {},
  masking: "passes",
  parameters: () => [{ name: "shift", shape: [2], initializer: initializers.zeros() }],
  outputShapes: (shape: Any) => [shape],
  call: ([signal]: Any, { parameter }: Any) => [{ ...signal, node: add(signal.node, parameter("shift")) }],
};
const predicted = (changes: object) => async () =>
  sequential([defineLayer("My", { inputShape: [2] }, { ...layer, ...changes } as Any)]).predict([[1, 2]]);

describe("a layer", () => {
  it.each(wrong)("returns %s", async (shown, result) => {
    for (const part of ["parameters", "outputShapes", "call"]) {
      await expect(predicted({ [part]: result })).rejects.toThrow(
        `My "my": ${part} returned ${shown}; expected a list`,
      );
    }
  });

  it.each<[string, object]>([
    ["parameters returned [undefined]", { parameters: () => [undefined] }],
    [
      'the initializer of its weight w is "zeros"',
      { parameters: () => [{ name: "w", shape: [2], initializer: "zeros" }] },
    ],
    [
      'two of its weights have the name "shift"; give each its own',
      { parameters: () => [...layer.parameters(), ...layer.parameters()] },
    ],
    ["outputShapes returned [-1]", { outputShapes: () => [[-1]] }],
    ["outputShapes returned 3; expected a shape", { outputShapes: () => [3] }],
    ["outputShapes returned []", { outputShapes: () => [] }],
    ["call returned a node", { call: ([{ node }]: Any) => node }],
    ["call returned { node", { call: ([signal]: Any) => signal }],
    ["call returned []", { call: () => [] }],
  ])("is refused: %s", async (message, changes) => {
    await expect(predicted(changes)).rejects.toThrow(ConfigError);
    await expect(predicted(changes)).rejects.toThrow(message);
  });
});

const fitted = (options: object, layer: Layer = dense(2, { inputShape: [1] })) =>
  sequential([layer], { seed: 1 })
    .compile({ loss: "meanSquaredError", ...options })
    .fit([[1]], [[1, 2]], { verbose: 0 });
const perSample = (yTrue: Any, yPred: Any) => mean(sub(yTrue, yPred), [-1]);

describe("a loss, a metric, an initializer", () => {
  it.each(wrong)("returns %s", async (shown, result) => {
    const targetShape = result as Any;
    const loss = defineLoss({ name: "mine", options: {}, targetShape, perSample })();
    await expect(fitted({ loss })).rejects.toThrow(`The loss mine: targetShape returned ${shown}; expected`);
    if (shown !== "3") {
      const ofMean = result as Any;
      const metric = defineMetric({ name: "mine", options: {}, better: "lower", perSample, ofMean })();
      await expect(fitted({ metrics: [metric] })).rejects.toThrow(
        `The metric mine: ofMean returned ${shown}; expected`,
      );
    }
    const kernelInitializer = { config: { type: "Mine" }, values: result as Any };
    expect(() => sequential([dense(2, { inputShape: [1], kernelInitializer })])).toThrow(
      `the initializer of dense/kernel returned ${shown}; expected a list or typed array of 2 numbers`,
    );
  });

  it.each<[string, (yTrue: Any, yPred: Any) => unknown]>([
    ["[]", (yTrue, yPred) => mean(sub(yTrue, yPred))],
    ["[1, 2]", (yTrue, yPred) => sub(yTrue, yPred)],
    ["[2]", (yTrue, yPred) => mean(sub(yTrue, yPred), [0])],
  ])("has one number for each sample, not the shape %s", async (shape, wrongSample) => {
    const definition = { name: "mine", options: {}, perSample: wrongSample as Any };
    const expected = `: perSample returned the shape ${shape} for a prediction [1, 2]; expected [1], one number for each sample`;
    await expect(fitted({ loss: defineLoss(definition)() })).rejects.toThrow(`The loss mine${expected}`);
    const metric = defineMetric({ ...definition, better: "lower" })();
    await expect(fitted({ metrics: [metric] })).rejects.toThrow(`The metric mine${expected}`);
  });

  it("gives as many numbers as the weight has", () => {
    const kernelInitializer = { config: { type: "Mine" }, values: () => new Float64Array(3) };
    expect(() => sequential([dense(2, { inputShape: [1], kernelInitializer })])).toThrow(
      "returned 3 numbers; expected",
    );
  });

  it("has a definition of functions, with known names", () => {
    const define = [
      (changes: object) => defineLoss({ name: "mine", options: {}, ...changes } as Any),
      (changes: object) => defineMetric({ name: "mine", options: {}, better: "lower", ...changes } as Any),
    ];
    for (const made of define) {
      expect(() => made({})).toThrow("perSample must be a function, received undefined");
      expect(() => made({ perSample: "mse" })).toThrow('perSample must be a function, received "mse"');
      expect(() => made({ persample: perSample })).toThrow("did you mean perSample?");
    }
    expect(() => define[0]!({ perSample, targets: "long" })).toThrow('targets must be "float" or "int"');
    expect(() => define[0]!({ perSample, targetShape: [1] })).toThrow("targetShape must be a function");
    expect(() => define[1]!({ perSample, ofMean: 3 })).toThrow("ofMean must be a function");
    expect(() => define[1]!({ perSample, better: {} })).toThrow("received {}");
  });
});
