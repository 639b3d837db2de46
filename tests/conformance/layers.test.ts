/**
 * The contract of layers: every layer in the list has the shapes it announces, the gradient that finite differences measure, the same
 * numbers on every engine and in either layout, and comes back from its config as it was.
 */
import { describe, expect, it } from "vitest";
import { defineCell, gruCell, lstmCell } from "../../src/cells/index.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { add, matmul, mul, sigmoid, slice, sub, tanh } from "../../src/equations/index.js";
import {
  activation,
  additiveAttention,
  add as addLayer,
  attention,
  attentionPooling1D,
  average,
  averagePooling1D,
  averagePooling2D,
  bidirectional,
  concatenate,
  conv1D,
  conv2D,
  crf,
  dense,
  dropout,
  embedding,
  flatten,
  globalAveragePooling1D,
  globalAveragePooling2D,
  globalMaxPooling1D,
  globalMaxPooling2D,
  gru,
  type Layer,
  layerFromConfig,
  layerNormalization,
  layerTypes,
  lstm,
  masking,
  maximum,
  maxPooling1D,
  maxPooling2D,
  minimum,
  multiply,
  oneHot,
  permute,
  repeatVector,
  reshape,
  rnn,
  simpleRNN,
  spatialDropout1D,
  subtract,
  timeDistributed,
  withName,
} from "../../src/layers/index.js";
import { l1, maxNorm } from "../../src/regularizers/index.js";
import { Random } from "../../src/tensor/random.js";
import { type PartialShape, type Shape, sizeOf } from "../../src/tensor/shape.js";
import { toTensor } from "../../src/tensor/tensor.js";
import { checkGradient, expectClose, runEquations } from "./run-equations.js";
import { type LayerInput, lossEquations, partial, randomNested, traceLayer } from "./trace-layer.js";

const [B, T, F, U] = [3, 5, 2, 4];
const sequence = randomNested([B, T, F], 1);
const ids = [
  [3, 1, 0, 0, 0],
  [2, 5, 6, 0, 0],
  [1, 4, 2, 3, 6],
];
const mask = [
  [1, 1, 1, 0, 0],
  [0, 1, 0, 1, 1],
  [0, 0, 0, 0, 0],
];

/** Two states, gates side by side in one kernel, an output that is none of the states, an option of its own. */
const peculiarCell = defineCell({
  name: "peculiar",
  options: { leak: 0.3 },
  parameters: ({ features, units }) => ({
    kernel: { shape: [features, 2 * units], initializer: "glorotUniform" },
    recurrentKernel: { shape: [units, 2 * units], initializer: "orthogonal" },
  }),
  state: ({ units }) => ({ h: [units], c: [units] }),
  step: ({ x, h, c }, { kernel, recurrentKernel }, { leak, dropInput, dropState }) => {
    const units = h.shape[1]!;
    const z = add(matmul(dropInput(x), kernel), matmul(dropState(h), recurrentKernel));
    const gate = sigmoid(slice(z, 1, 0, units));
    const memory = add(mul(gate, c), mul(sub(1, gate), tanh(slice(z, 1, units, units))));
    return { output: add(mul(leak, memory), mul(1 - leak, h)), h: tanh(memory), c: memory };
  },
});

/** A second and a third sequence, of other lengths. */
const memory = randomNested([B, 4, F], 9);
const memoryMask = [
  [1, 1, 0, 0],
  [0, 1, 1, 1],
  [0, 0, 0, 0],
];
const keys = randomNested([B, 4, F], 10);
const values = randomNested([B, 4, 3], 11);
const image = randomNested([B, 6, 5, F], 12);

type Entry = readonly [title: string, layer: Layer, given: LayerInput];

const entries: readonly Entry[] = [
  ["Dense", dense(U, { activation: "tanh" }), { x: randomNested([B, F], 2) }],
  ["Dense without bias on a sequence", dense(U, { useBias: false, kernelInitializer: "heNormal" }), { x: sequence }],
  ["Dense on a masked sequence", dense(U, { activation: "softmax" }), { x: sequence, mask }],
  ["Embedding", embedding(7, U), { x: ids, dtype: "int" }],
  [
    "Embedding with maskZero",
    embedding(7, U, { maskZero: true, embeddingsInitializer: "normal" }),
    { x: ids, dtype: "int" },
  ],
  ["OneHot", oneHot(7), { x: ids, dtype: "int" }],
  ["OneHot of single ids", oneHot(7), { x: [3, 0, 6], dtype: "int" }],
  ["Embedding of single ids", embedding(7, U), { x: [3, 0, 6], dtype: "int" }],
  ["SimpleRNN", simpleRNN(U), { x: sequence }],
  ["SimpleRNN with returnSequences", simpleRNN(U, { returnSequences: true, activation: "sigmoid" }), { x: sequence }],
  ["SimpleRNN over a mask", simpleRNN(U), { x: sequence, mask }],
  [
    "SimpleRNN over a mask, sequences",
    simpleRNN(U, { returnSequences: true, returnState: true }),
    { x: sequence, mask },
  ],
  [
    "SimpleRNN, zero at padding",
    simpleRNN(U, { returnSequences: true, zeroOutputForMask: true }),
    { x: sequence, mask },
  ],
  ["SimpleRNN backwards", simpleRNN(U, { goBackwards: true, returnSequences: true }), { x: sequence, mask }],
  [
    "SimpleRNN from a given state",
    simpleRNN(U, { returnState: true }),
    { x: sequence, states: [randomNested([B, U], 3)], mask },
  ],
  ["SimpleRNN from a learned state", simpleRNN(U, { initialState: "learned" }), { x: sequence, mask }],
  [
    "SimpleRNN from a random state",
    simpleRNN(U, { initialState: { type: "random", stddev: 0.7, seed: 3 } }),
    { x: sequence },
  ],
  ["SimpleRNN from numbers", simpleRNN(U, { initialState: [0.1, -0.2, 0.3, -0.4] }), { x: sequence }],
  [
    "SimpleRNN from numbers for each example",
    simpleRNN(U, { initialState: { h: randomNested([B, U], 4) } }),
    { x: sequence },
  ],
  ["SimpleRNN, dropout outside training", simpleRNN(U, { dropout: 0.4, recurrentDropout: 0.3 }), { x: sequence }],
  [
    "SimpleRNN, dropout in training",
    simpleRNN(U, { dropout: 0.4, recurrentDropout: 0.3, returnSequences: true }),
    { x: sequence, training: true, mask },
  ],
  ["LSTM", lstm(U), { x: sequence }],
  [
    "LSTM over a mask, everything returned",
    lstm(U, { returnSequences: true, returnState: true, recurrentActivation: "tanh", unitForgetBias: false }),
    { x: sequence, mask },
  ],
  [
    "LSTM backwards from given states, zero at padding",
    lstm(U, { goBackwards: true, returnSequences: true, zeroOutputForMask: true, useBias: false }),
    { x: sequence, states: [randomNested([B, U], 3), randomNested([B, U], 4)], mask },
  ],
  [
    "LSTM from a learned state",
    lstm(U, { initialState: "learned", activation: "sigmoid", biasInitializer: "normal" }),
    { x: sequence, mask },
  ],
  ["LSTM, one dropout for all gates", lstm(U, { dropout: 0.4 }), { x: sequence, training: true }],
  [
    "LSTM, dropout for each gate",
    lstm(U, { dropout: 0.4, recurrentDropout: 0.3, returnSequences: true }),
    { x: sequence, training: true, mask },
  ],
  ["GRU", gru(U), { x: sequence }],
  ["GRU, reset before", gru(U, { resetAfter: false }), { x: sequence, mask }],
  [
    "GRU over a mask, everything returned",
    gru(U, { returnSequences: true, returnState: true, recurrentActivation: "hardSigmoid", useBias: false }),
    { x: sequence, mask },
  ],
  [
    "GRU backwards from a given state, zero at padding",
    gru(U, { goBackwards: true, returnSequences: true, zeroOutputForMask: true, activation: "softsign" }),
    { x: sequence, states: [randomNested([B, U], 3)], mask },
  ],
  ["GRU, one dropout for all gates", gru(U, { dropout: 0.4 }), { x: sequence, training: true }],
  [
    "GRU, dropout for each gate",
    gru(U, { dropout: 0.4, recurrentDropout: 0.3, returnSequences: true, initialState: "random" }),
    { x: sequence, training: true, mask },
  ],
  [
    "GRU, reset before, dropout for each gate",
    gru(U, { dropout: 0.4, recurrentDropout: 0.3, resetAfter: false }),
    { x: sequence, training: true },
  ],
  ["RNN of a cell with two states", rnn(peculiarCell, U), { x: sequence, mask }],
  [
    "RNN of a cell with two states, everything returned",
    rnn(peculiarCell, U, { returnSequences: true, returnState: true, cellOptions: { leak: 0.6 } }),
    { x: sequence, mask, training: true },
  ],
  [
    "RNN of a cell with two states, backwards from given ones",
    rnn(peculiarCell, U, { goBackwards: true, dropout: 0.5, recurrentDropout: 0.2 }),
    { x: sequence, states: [randomNested([B, U], 5), randomNested([B, U], 6)], training: true },
  ],
  ["RNN of several cells", rnn([peculiarCell, lstmCell], [U, 3]), { x: sequence, mask }],
  [
    "RNN of several cells, everything returned",
    rnn([gruCell, peculiarCell], [3, U], { returnSequences: true, returnState: true, initialState: "learned" }),
    { x: sequence, mask },
  ],
  [
    "RNN of several cells, dropout",
    rnn([lstmCell, gruCell], [U, 3], { dropout: 0.4, recurrentDropout: 0.3, goBackwards: true }),
    { x: sequence, training: true },
  ],
  ["Bidirectional", bidirectional(simpleRNN(U)), { x: sequence }],
  [
    "Bidirectional LSTM over a mask, everything returned",
    bidirectional(lstm(U, { returnSequences: true, returnState: true })),
    { x: sequence, mask },
  ],
  [
    "Bidirectional GRU from given states",
    bidirectional(gru(U, { returnSequences: true }), { mergeMode: "mul" }),
    { x: sequence, states: [randomNested([B, U], 3), randomNested([B, U], 4)], mask },
  ],
  [
    "Bidirectional, both outputs",
    bidirectional(gru(U, { dropout: 0.3, recurrentDropout: 0.2 }), { mergeMode: null }),
    { x: sequence, training: true },
  ],
  [
    "Bidirectional, backwards first",
    bidirectional(simpleRNN(U, { goBackwards: true, returnSequences: true }), { mergeMode: "ave" }),
    { x: sequence, mask },
  ],
  [
    "Bidirectional of two layers",
    bidirectional(lstm(U, { initialState: "learned" }), { backwardLayer: gru(3, { goBackwards: true }) }),
    { x: sequence, mask },
  ],
  // Without a mask: at padding its tables hold −10³⁰, in which finite differences drown. Masks: src/lattices/linear-chain.test.ts.
  ["CRF", crf(3), { x: sequence }],
  ["TimeDistributed", timeDistributed(dense(3, { activation: "softmax" })), { x: sequence, mask }],
  ["TimeDistributed SimpleRNN", timeDistributed(simpleRNN(2)), { x: randomNested([2, 3, 4, 5], 7) }],
  ["TimeDistributed Embedding", timeDistributed(embedding(7, 3)), { x: [ids, ids], dtype: "int" }],
  ["TimeDistributed Flatten", timeDistributed(flatten()), { x: randomNested([2, 3, 4, 5], 8) }],
  ["Dropout outside training", dropout(0.5), { x: sequence }],
  ["Dropout in training", dropout(0.5), { x: sequence, training: true, mask }],
  ["Dropout of everything", dropout(1), { x: sequence, training: true }],
  ["Dropout of whole features", dropout(0.4, { noiseShape: [null, 1, null] }), { x: sequence, training: true }],
  [
    "Masking",
    masking(),
    {
      x: [
        [
          [1, 2],
          [0, 0],
          [0, 3],
        ],
        [
          [0, 0],
          [0, 0],
          [4, 5],
        ],
      ],
    },
  ],
  [
    "Masking another value, over a mask",
    masking({ maskValue: -1 }),
    {
      x: [
        [
          [1, 2],
          [-1, -1],
          [0, 3],
        ],
      ],
      mask: [[1, 1, 0]],
    },
  ],
  ["GlobalAveragePooling1D", globalAveragePooling1D(), { x: sequence }],
  ["GlobalAveragePooling1D over a mask", globalAveragePooling1D(), { x: sequence, mask }],
  ["GlobalMaxPooling1D", globalMaxPooling1D(), { x: sequence }],
  ["GlobalMaxPooling1D over a mask", globalMaxPooling1D(), { x: sequence, mask }],
  ["AttentionPooling1D", attentionPooling1D(), { x: sequence }],
  [
    "AttentionPooling1D over a mask, its weights returned",
    attentionPooling1D({ units: 3, returnAttentionScores: true }),
    { x: sequence, mask },
  ],
  ["Attention", attention(), { x: sequence, others: [{ x: memory }] }],
  [
    "Attention with scale, masks and its weights returned",
    attention({ useScale: true, returnAttentionScores: true }),
    { x: sequence, mask, others: [{ x: memory, mask: memoryMask }] },
  ],
  [
    "Attention with keys and a score of sums",
    attention({ useScale: true, scoreMode: "concat" }),
    { x: sequence, others: [{ x: values, mask: memoryMask }, { x: keys }] },
  ],
  [
    "Attention to the past",
    attention({ useCausalMask: true, dropout: 0.3 }),
    { x: sequence, others: [{ x: randomNested([B, T, F], 13) }], training: true },
  ],
  ["AdditiveAttention", additiveAttention(), { x: sequence, others: [{ x: memory }] }],
  [
    "AdditiveAttention with masks, keys and its weights returned",
    additiveAttention({ returnAttentionScores: true, dropout: 0.2 }),
    {
      x: sequence,
      mask,
      others: [
        { x: values, mask: memoryMask },
        { x: keys, mask: memoryMask },
      ],
    },
  ],
  [
    "AdditiveAttention without scale",
    additiveAttention({ useScale: false }),
    { x: sequence, mask, others: [{ x: memory }] },
  ],
  [
    "Add",
    addLayer(),
    { x: sequence, others: [{ x: randomNested([B, T, F], 14) }, { x: randomNested([B, T, 1], 15) }] },
  ],
  ["Add of masked sequences", addLayer(), { x: sequence, mask, others: [{ x: randomNested([B, T, F], 14), mask }] }],
  ["Subtract", subtract(), { x: randomNested([B, F], 2), others: [{ x: randomNested([B, F], 3) }] }],
  ["Multiply by a gate", multiply(), { x: sequence, mask, others: [{ x: randomNested([B, T, 1], 15) }] }],
  [
    "Average",
    average(),
    { x: sequence, others: [{ x: randomNested([B, T, F], 14) }, { x: randomNested([B, 1, F], 16) }] },
  ],
  ["Maximum", maximum(), { x: sequence, others: [{ x: randomNested([B, T, F], 14) }] }],
  ["Minimum", minimum(), { x: sequence, mask, others: [{ x: randomNested([B, T, F], 14) }] }],
  ["Concatenate", concatenate(), { x: randomNested([B, F], 2), others: [{ x: randomNested([B, U], 3) }] }],
  [
    "Concatenate masked sequences side by side",
    concatenate(),
    { x: sequence, mask, others: [{ x: randomNested([B, T, U], 3) }, { x: randomNested([B, T, 1], 4), mask }] },
  ],
  [
    "Concatenate masked sequences in time",
    concatenate({ axis: 1 }),
    { x: sequence, mask, others: [{ x: memory, mask: memoryMask }, { x: randomNested([B, 2, F], 4) }] },
  ],
  ["LayerNormalization", layerNormalization(), { x: sequence, mask }],
  [
    "LayerNormalization over several axes",
    layerNormalization({ axis: [1, 3], epsilon: 0.1, gammaInitializer: "normal" }),
    { x: image },
  ],
  ["LayerNormalization without scale", layerNormalization({ scale: false }), { x: randomNested([B, U], 2) }],
  ["LayerNormalization without center", layerNormalization({ axis: 2, center: false }), { x: image }],
  ["SpatialDropout1D outside training", spatialDropout1D(0.5), { x: sequence, mask }],
  ["SpatialDropout1D in training", spatialDropout1D(0.5), { x: sequence, training: true, mask }],
  ["RepeatVector", repeatVector(T), { x: randomNested([B, F], 2) }],
  ["Conv1D", conv1D(U, 3), { x: sequence }],
  ["Conv1D over a mask", conv1D(U, 3, { padding: "same", activation: "tanh" }), { x: sequence, mask }],
  [
    "Conv1D of the past over a mask",
    conv1D(U, 2, { padding: "causal", dilationRate: 2, useBias: false }),
    { x: sequence, mask },
  ],
  ["Conv1D with strides", conv1D(U, 2, { strides: 3, padding: "same" }), { x: sequence }],
  ["Conv1D with strides, of the past", conv1D(U, 3, { strides: 2, padding: "causal" }), { x: sequence }],
  ["Conv1D of single steps", conv1D(U, 1), { x: sequence }],
  ["Conv2D", conv2D(U, [3, 2]), { x: image }],
  ["Conv2D with strides", conv2D(3, 3, { strides: [2, 3], padding: "same", activation: "softplus" }), { x: image }],
  ["Conv2D with gaps", conv2D(3, 2, { dilationRate: [2, 3], useBias: false }), { x: image }],
  [
    "TimeDistributed Conv2D",
    timeDistributed(conv2D(2, 2)),
    {
      x: randomNested([2, 3, 4, 5, 1], 17),
      mask: [
        [1, 1, 0],
        [0, 1, 1],
      ],
    },
  ],
  ["MaxPooling1D", maxPooling1D(), { x: sequence }],
  ["MaxPooling1D beyond the ends", maxPooling1D({ poolSize: 3, strides: 1, padding: "same" }), { x: sequence }],
  ["AveragePooling1D", averagePooling1D({ poolSize: 2, strides: 1 }), { x: sequence }],
  ["AveragePooling1D beyond the ends", averagePooling1D({ poolSize: 3, strides: 2, padding: "same" }), { x: sequence }],
  ["MaxPooling2D", maxPooling2D({ poolSize: [2, 3] }), { x: image }],
  ["MaxPooling2D beyond the edges", maxPooling2D({ poolSize: 3, strides: 2, padding: "same" }), { x: image }],
  ["AveragePooling2D", averagePooling2D({ strides: [1, 2] }), { x: image }],
  ["AveragePooling2D beyond the edges", averagePooling2D({ poolSize: [4, 2], padding: "same" }), { x: image }],
  ["GlobalAveragePooling2D", globalAveragePooling2D(), { x: image }],
  ["GlobalMaxPooling2D", globalMaxPooling2D(), { x: image }],
  ["Reshape", reshape([2, -1]), { x: randomNested([B, 6, 4], 18) }],
  ["Permute", permute([3, 1, 2]), { x: image }],
  [
    "Weights with rules",
    bidirectional(
      lstm(U, { kernelRegularizer: "l2", recurrentConstraint: maxNorm({ maxValue: 3 }), biasRegularizer: l1() }),
    ),
    { x: sequence, mask },
  ],
  ["Activation", activation("gelu"), { x: sequence, mask }],
  ["Flatten", flatten(), { x: sequence }],
  ["Flatten of numbers", flatten(), { x: [1, 2, 3] }],
];

/** The layer's loss and gradients; noise and weights are the same for equal layers. */
function equationsOf(layer: Layer, given: LayerInput) {
  const traced = traceLayer(layer, given);
  const coefficients = traced.outputs.map(({ shape }, i) => randomNested(shape, 20 + i));
  const wrt = Object.keys(traced.inputs).filter((name) => traced.inputs[name]!.dtype === "float");
  return { traced, ...lossEquations(traced, coefficients, wrt) };
}

const recurrentTypes = ["RNN", "SimpleRNN", "LSTM", "GRU"];
/** Masking is a step: where padding begins, finite differences leave it. */
const smooth = entries.filter(([, layer]) => layer.type !== "Masking");
/** Noise is drawn by position, so another layout has other noise. */
const sequences = entries.filter(
  ([, , { x, dtype, training }]) => !training && toTensor(x).shape.length >= (dtype === "int" ? 2 : 3),
);

describe.each(smooth)("%s", (_, layer, given) => {
  it("has the gradient that finite differences measure", async () => {
    const { traced, loss } = equationsOf(layer, given);
    await checkGradient(traced.inputs, loss, traced.values);
  });
});

describe.each(sequences)("%s", (_, layer, given) => {
  it("gives the same numbers when its input is laid out time-major", async () => {
    const [batch, time] = [equationsOf(layer, given), equationsOf(layer, { ...given, timeMajor: true })];
    const expected = await runEquations({ ...batch }, batch.traced.values);
    const actual = await runEquations({ ...time }, time.traced.values);
    for (const port of Object.keys(batch.outputs)) expectClose(actual[port]!, expected[port]!, 1e-13, port);
  });
});

describe.each(entries)("%s", (_, layer, given) => {
  it("has the shapes it announces, and parameters that can be drawn", () => {
    const { traced } = equationsOf(layer, given);
    const shapes = Object.keys(traced.inputs).flatMap((name) =>
      /^x\d*$/.test(name) ? [traced.inputs[name]!.shape] : [],
    );
    expect(layer.outputShapes(...(shapes as [Shape]))).toEqual(traced.outputs.map((output) => output.shape));
    const partials = shapes.map(partial) as [PartialShape];
    expect(layer.outputShapes(...partials).every(([batch]) => batch === null)).toBe(true);
    for (const { shape, initializer } of layer.parameters(...partials)) {
      expect(initializer.values(shape, new Random(1))).toHaveLength(sizeOf(shape));
    }
  });

  it("does with its mask what it announces", () => {
    const { traced } = equationsOf(layer, given);
    const wanted = { passes: given.mask != null, consumes: false, makes: true, refuses: false }[layer.masking];
    if (recurrentTypes.includes(layer.type)) expect(layer.masking === "consumes").toBe(!layer.config.returnSequences);
    expect(traced.outputMask !== undefined).toBe(wanted);
  });

  it("gives the same numbers in float32", async () => {
    const { traced, ...equations } = equationsOf(layer, given);
    const expected = await runEquations(equations, traced.values, { engine: referenceEngine });
    const actual = await runEquations(equations, traced.values, { engine: wasmEngine });
    for (const port of Object.keys(equations.outputs)) expectClose(actual[port]!, expected[port]!, 1e-5, port);
  });

  it("comes back from its config", async () => {
    const named = withName(layer, "mine");
    const written = JSON.parse(JSON.stringify(named.config));
    const again = layerFromConfig(written, { cells: { peculiar: peculiarCell } });
    expect(again.name).toBe("mine");
    expect(again.config).toEqual(named.config);
    expect(again.masking).toBe(layer.masking);
    const [before, after] = [equationsOf(layer, given), equationsOf(again, given)];
    const expected = await runEquations({ ...before }, before.traced.values);
    expect(await runEquations({ ...after }, after.traced.values)).toEqual(expected);
  });
});

describe("the list above", () => {
  it("holds every type of layer", () => {
    expect([...new Set(entries.map(([, layer]) => layer.type))].sort()).toEqual([...layerTypes].sort());
  });
});
