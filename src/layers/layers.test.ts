import { describe, expect, it } from "vitest";
import { expectClose, randomValues, runEquations } from "../../tests/conformance/run-equations.js";
import { randomNested, traceLayer } from "../../tests/conformance/trace-layer.js";
import { simpleRNNCell } from "../cells/index.js";
import { greater, type input, mean, sum } from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import {
  add,
  attention,
  attentionPooling1D,
  concatenate,
  conv1D,
  conv2D,
  dense,
  dropout,
  embedding,
  flatten,
  globalMaxPooling1D,
  globalMaxPooling2D,
  layerFromConfig,
  layerNormalization,
  masking,
  maxPooling2D,
  multiply,
  permute,
  repeatVector,
  reshape,
  rnn,
  simpleRNN,
  spatialDropout1D,
  subtract,
  timeDistributed,
  withName,
} from "./index.js";

describe("errors explain", () => {
  it.each([
    [
      () => withName(simpleRNN(4), "simple_rnn_1").parameters([null, 4]),
      'SimpleRNN "simple_rnn_1" expects [batch, time, features], received [null, 4]. Data needs an axis of steps',
    ],
    [
      () => globalMaxPooling1D().parameters([null, 4]),
      "GlobalMaxPooling1D expects [batch, time, features], received [null, 4]. Data needs an axis of steps",
    ],
    [
      () => timeDistributed(dense(2)).parameters([null, 4]),
      "TimeDistributed expects [batch, time, features], received [null, 4].",
    ],
    [() => dense(2).parameters([null]), "Dense expects [batch, …, features], received [null]."],
    [
      () => dense(2).parameters([null, 3, null]),
      "Dense needs to know its number of features, but its input is [null, 3, null].",
    ],
    [
      () => masking().parameters([null, 7]),
      "Masking expects [batch, time, features], received [null, 7]. Ids are masked by maskZero: true",
    ],
    [() => add().parameters([null, 4]), "Add expects two or more inputs, received 1."],
    [() => subtract().parameters([null, 4], [null, 4], [null, 4]), "Subtract expects two inputs, received 3."],
    [
      () => multiply().parameters([null, null, 4], [null, 4]),
      "Multiply expects inputs of one shape, except for axes of size 1, received [null, null, 4], [null, 4].",
    ],
    [
      () => concatenate().parameters([null, 3, 4], [null, 5, 4]),
      "Concatenate along axis 2 expects inputs that agree in every other axis, received [null, 3, 4], [null, 5, 4].",
    ],
    [
      () => attention().parameters([null, 3, 4], [null, 5, 2]),
      "Attention expects [query, value] or [query, value, key], each [batch, time, dim],",
    ],
    [() => conv1D(2, 3).parameters([null, 4]), "Conv1D expects [batch, time, features], received [null, 4]."],
    [() => conv1D(2, 3).parameters([null, 2, 4]), "Conv1D expects at least 3 along axis 1, received [null, 2, 4]."],
    [() => conv2D(2, 3).parameters([null, 2, 4]), "Conv2D expects [batch, height, width, channels]"],
    [() => maxPooling2D().parameters([null, 4, 1, 2]), "MaxPooling2D expects at least 2 along axis 2"],
    [
      () => globalMaxPooling2D().parameters([null, 4, 2]),
      "GlobalMaxPooling2D expects [batch, height, width, channels]",
    ],
    [() => reshape([3, -1]).parameters([null, 4]), "Reshape expects as many numbers per example as [3, -1]"],
    [() => permute([2, 1]).parameters([null, 4]), "Permute expects 2 axes besides the batch, received [null, 4]."],
    [() => attentionPooling1D().parameters([null, 4]), "AttentionPooling1D expects [batch, time, features]"],
    [() => spatialDropout1D(0.5).parameters([null, 4]), "SpatialDropout1D expects [batch, time, features]"],
    [() => repeatVector(2).parameters([null, 3, 4]), "RepeatVector expects [batch, features], received [null, 3, 4]."],
  ])("about shapes (%#)", (make, message) => {
    expect(make).toThrow(ShapeError);
    expect(make).toThrow(message);
  });

  it.each([
    [() => simpleRNN(0), "SimpleRNN: units must be a positive integer, received 0."],
    [() => dense(2.5), "Dense: units must be a positive integer, received 2.5."],
    [() => embedding(-1, 3), "Embedding: inputDim must be a positive integer, received -1."],
    [() => dropout(50), "Dropout: rate must be a number in 0 … 1, received 50."],
    [() => simpleRNN(2, { recurrentDropout: -1 }), "SimpleRNN: recurrentDropout must be a number in 0 … 1"],
    [() => simpleRNN(2, { activation: "thanh" }), 'Unknown activation "thanh".'],
    [
      () => simpleRNN(2, { initialState: "ones" as "zeros" }),
      'SimpleRNN: unknown initialState "ones". Use "zeros", "random", "learned"',
    ],
    [() => dense(2, { inputShape: [3, -1] }), "Dense: inputShape must be a list of positive integers without"],
    [() => dense(2, { name: "" }), 'Dense: name must be a text that is not empty, received "".'],
    [
      () => layerFromConfig({ type: "Dense", units: 2, activityRegularizer: "l2" }),
      'Dense: there is no option "activityRegularizer". Keras has it, Tavali does not: only weights are regularized',
    ],
    [
      () => layerFromConfig({ type: "LSTMM" }),
      'Unknown layer type "LSTMM". Did you mean LSTM? Known are Activation, Add, AdditiveAttention,',
    ],
    [
      () => timeDistributed(simpleRNN(2, { returnState: true })).outputShapes([null, 2, 3, 4]),
      "has 2 outputs, expected one; set returnState: false.",
    ],
    [() => traceLayer(flatten(), { x: [[[1], [2]]], mask: [[1, 0]] }), "Flatten would mix padding into its result."],
    [
      () => traceLayer(timeDistributed(embedding(3, 2, { maskZero: true })), { x: [[[1, 0]]], dtype: "int" }),
      "cannot pass on the mask that Embedding makes",
    ],
    [
      () => traceLayer(embedding(3, 2, { maskZero: true }), { x: [[[1, 0]]], dtype: "int" }),
      "with maskZero the ids must be [batch, time]",
    ],
    [
      () => traceLayer(dropout(0.5, { noiseShape: [1] }), { x: [[1, 2]], training: true }),
      "noiseShape [1] has 1 axis, its input has 2.",
    ],
    [
      () => simpleRNN(2).parameters([null, 1, 1], [null, 2], [null, 2]),
      "SimpleRNN has the state h; expected one initial state for each, received 2.",
    ],
    [
      () => traceLayer(simpleRNN(2, { initialState: { c: [1, 2] } }), { x: [[[1]]] }),
      'initialState gives no numbers for the state "h"; give { h: … }.',
    ],
    [() => concatenate({ axis: 0 }), "Concatenate: axis must be a whole number other than 0, the batch's, received 0."],
    [() => attention({ scoreMode: "sum" as "dot" }), 'Attention: scoreMode must be "dot" or "concat", received "sum".'],
    [() => layerNormalization({ axis: [0] }), "LayerNormalization: axis must be whole numbers other than 0,"],
    [
      () => layerNormalization({ epsilon: -1 }),
      "LayerNormalization: epsilon must be a number of at least 0, received -1.",
    ],
    [
      () => traceLayer(layerNormalization({ axis: 1 }), { x: [[[1], [2]]], mask: [[1, 0]] }),
      "LayerNormalization over axis 1 would count padding into its mean.",
    ],
    [
      () =>
        traceLayer(attention({ useCausalMask: true }), {
          x: [[[1], [2]]],
          mask: [[1, 0]],
          others: [{ x: [[[1], [2]]] }],
        }),
      "Attention: with useCausalMask query and values must have the same mask",
    ],
    [() => conv1D(2, 0), "Conv1D: kernelSize must be a positive integer, received 0."],
    [() => conv2D(2, [1, 2, 3]), "Conv2D: kernelSize must be one number or 2, received [1, 2, 3]."],
    [
      () => conv2D(2, 2, { padding: "causal" as "same" }),
      'Conv2D: padding must be "valid" or "same", received "causal".',
    ],
    [() => reshape([-1, -1]), "Reshape: targetShape must be positive integers, of which one may be -1,"],
    [() => permute([1, 3]), "Permute: dims must be an order of the axes 1 … 2, received [1, 3]."],
    [() => dense(2, { kernelRegularizer: "l3" }), 'Unknown regularizer "l3".'],
    [() => repeatVector(0), "RepeatVector: n must be a positive integer, received 0."],
    [() => spatialDropout1D(2), "SpatialDropout1D: rate must be a number in 0 … 1"],
  ])("about options (%#)", (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });

  it("about initial states of another size", () => {
    const message = 'SimpleRNN: initialState "h" must be [2] or [1, 2], received [3].';
    expect(() => traceLayer(simpleRNN(2, { initialState: [1, 2, 3] }), { x: [[[1]]] })).toThrow(message);
  });
});

describe("dropout", () => {
  it("drops about the given fraction and keeps the mean", async () => {
    const x = Array.from({ length: 100 }, () => new Array<number>(50).fill(1));
    const { inputs, values, outputs } = traceLayer(dropout(0.3), { x, training: true });
    const y = outputs[0]!;
    const result = await runEquations(
      { name: "dropout", inputs, outputs: { y, mean: mean(y), kept: mean(greater(y, 0)) } },
      values,
    );
    expect(result.kept![0]).toBeCloseTo(0.7, 1);
    expect(result.mean![0]).toBeCloseTo(1, 1);
    expect([...new Set(result.y)].sort()).toEqual([0, 1 / (1 - 0.3)]);
  });

  it("of whole features drops them at every step", async () => {
    const x = randomNested([4, 6, 9], 3);
    const layer = dropout(0.5, { noiseShape: [null, 1, null] });
    const { inputs, values, outputs } = traceLayer(layer, { x, training: true, timeMajor: true });
    const dropped = sum(greater(0.0000001, sum(outputs[0]!, [1])), [0, 1]);
    const zeros = await runEquations({ name: "d", inputs, outputs: { y: outputs[0]!, dropped } }, values);
    const series = Array.from({ length: 36 }, (_, k) => {
      const [b, f] = [Math.floor(k / 9), k % 9];
      return Array.from({ length: 6 }, (_, t) => zeros.y![(b * 6 + t) * 9 + f]!);
    });
    expect(series.every((s) => s.every((v) => v === 0) || s.every((v) => v !== 0))).toBe(true);
    expect(series.some((s) => s.every((v) => v === 0))).toBe(true);
  });

  it("inside a recurrent layer is the same at every step, and affects recurrent products only", async () => {
    // With W = 0, R = 1, b = 0 and linear steps the state stays unchanged, except for the numbers that are dropped at every step.
    const layer = simpleRNN(3, {
      recurrentDropout: 0.5,
      activation: "linear",
      useBias: false,
      initialState: [1, 1, 1],
      returnSequences: true,
    });
    const identity = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const x = randomNested([4, 3, 1], 1);
    const { inputs, values, outputs } = traceLayer(layer, { x, weights: [[[0, 0, 0]], identity], training: true });
    const { y } = await runEquations({ name: "d", inputs, outputs: { y: outputs[0]! } }, values);
    const kinds = new Set<string>();
    for (let b = 0; b < 4; b++)
      for (let u = 0; u < 3; u++) kinds.add([0, 1, 2].map((t) => y![(b * 3 + t) * 3 + u]).join());
    expect([...kinds].sort()).toEqual(["0,0,0", "2,4,8"]);
  });
});

describe("initial states", () => {
  const x = randomNested([2, 3, 2], 4);
  const run = async (layer: ReturnType<typeof simpleRNN>, given = {}) => {
    const { inputs, values, outputs } = traceLayer(layer, { x, ...given });
    return (await runEquations({ name: "rnn", inputs, outputs: { y: outputs[0]! } }, values)).y!;
  };

  it("random ones are the same at every trace, and others for another seed", async () => {
    const layer = (seed: number) => simpleRNN(3, { initialState: { type: "random", stddev: 1, seed } });
    expect(await run(layer(1))).toEqual(await run(layer(1)));
    expect(await run(layer(1))).not.toEqual(await run(layer(2)));
    expect(simpleRNN(3, { initialState: "random" }).config.initialState).toEqual({
      type: "random",
      stddev: 0.05,
      seed: 0,
    });
  });

  it("given numbers are the same as the same numbers in a signal", async () => {
    const numbers = [0.3, -0.5, 0.8];
    const asOption = await run(simpleRNN(3, { initialState: numbers }));
    expectClose(asOption, await run(simpleRNN(3), { states: [[numbers, numbers]] }), 1e-15);
    expectClose(asOption, await run(simpleRNN(3, { initialState: [numbers, numbers] })), 1e-15);
    expectClose(asOption, await run(simpleRNN(3, { initialState: { h: Float64Array.from(numbers) } })), 1e-15);
  });

  it("a learned one is a parameter after the others, and starts at zero", () => {
    const specs = simpleRNN(3, { initialState: "learned" }).parameters([null, null, 2]);
    expect(specs.map(({ name, shape }) => [name, ...shape])).toEqual([
      ["kernel", 2, 3],
      ["recurrent_kernel", 3, 3],
      ["bias", 3],
      ["initial_h", 3],
    ]);
  });
});

describe("rnn", () => {
  it("of the simple cell is simpleRNN", async () => {
    const given = {
      x: randomNested([2, 4, 3], 1),
      mask: [
        [1, 1, 0, 1],
        [0, 1, 1, 0],
      ],
    };
    const [a, b] = [rnn(simpleRNNCell, 5), simpleRNN(5)].map((layer) => traceLayer(layer, given));
    const y = await runEquations({ name: "a", inputs: a!.inputs, outputs: { y: a!.outputs[0]! } }, a!.values);
    const z = await runEquations({ name: "b", inputs: b!.inputs, outputs: { y: b!.outputs[0]! } }, b!.values);
    expect(y.y).toEqual(z.y);
  });
});

describe("a custom activation of a layer", () => {
  it("stays in the config as a function", async () => {
    const own = (x: ReturnType<typeof input>) => greater(x, 0);
    const layer = dense(3, { activation: own as never });
    expect(layerFromConfig(layer.config).config.activation).toBe(own);
    const { inputs, outputs } = traceLayer(layer, { x: [[1, 2]] });
    const values = { x: [1, 2], kernel: randomValues(6, 1), bias: [0, 0, 0] };
    const { y } = await runEquations({ name: "own", inputs, outputs: { y: outputs[0]! } }, values);
    expect(y!.every((value) => value === 0 || value === 1)).toBe(true);
  });
});
