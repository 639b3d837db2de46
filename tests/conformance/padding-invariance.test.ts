/**
 * The first promise: with a mask, no result depends on padding. Random models read random sentences twice: each sentence by itself, without
 * any padding, and all of them in one batch, with padding before, after and between their words, and with sentences that are all padding.
 * Outputs, losses, metrics and every gradient must agree.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import {
  broadcastTo,
  constant,
  differentiate,
  input,
  type Node,
  reverse,
  transpose,
} from "../../src/equations/index.js";
import {
  activation,
  add,
  additiveAttention,
  attention,
  attentionPooling1D,
  batchMajor,
  bidirectional,
  concatenate,
  conv1D,
  dense,
  dropout,
  embedding,
  globalAveragePooling1D,
  globalMaxPooling1D,
  gru,
  type Layer,
  layerNormalization,
  lstm,
  masking,
  type Signal,
  type SimpleRNNOptions,
  simpleRNN,
  spatialDropout1D,
  timeDistributed,
  timeMajor,
} from "../../src/layers/index.js";
import { lossTotals, reduceLoss, resolveLoss } from "../../src/losses/index.js";
import { categoricalAccuracy, weightedTotals } from "../../src/metrics/index.js";
import { Random } from "../../src/tensor/random.js";
import { sizeOf } from "../../src/tensor/shape.js";
import { expectClose, randomValues, runEquations, type Values } from "./run-equations.js";

const FEATURES = 3;
const VOCABULARY = 7;
const CLASSES = 4;
const MASK_VALUE = -2;

/** How padding is told from data: by id 0, by a value, or by a mask that came with the data, over any numbers. */
type Reading = "ids" | "vectors" | "mask";

interface Model {
  readonly reading: Reading;
  readonly layers: readonly Layer[];
  readonly loss: string;
}

type Sentence = readonly (readonly number[])[];

/** Sentences laid out in a batch: for each, the steps at which its words stand. */
interface Batch {
  readonly sentences: readonly Sentence[];
  readonly steps: readonly (readonly number[])[];
  readonly time: number;
}

const recurrentOptions: fc.Arbitrary<SimpleRNNOptions> = fc.record({
  goBackwards: fc.boolean(),
  zeroOutputForMask: fc.boolean(),
  activation: fc.constantFrom("tanh", "sigmoid", "softsign"),
  initialState: fc.constantFrom<SimpleRNNOptions["initialState"] & {}>("zeros", "random", "learned", {
    h: [0.3, -0.2],
    c: [-0.7, 0.4],
  }),
});
const recurrentKind = fc.constantFrom<(units: number, options: SimpleRNNOptions) => Layer>(
  simpleRNN,
  lstm,
  gru,
  (units, options) => gru(units, { ...options, resetAfter: false }),
);
const mergeMode = fc.constantFrom("concat", "sum", "mul", "ave", undefined);
const recurrentLayer = (more: SimpleRNNOptions = {}): fc.Arbitrary<Layer> =>
  fc.tuple(recurrentKind, recurrentOptions, fc.option(mergeMode)).map(([make, options, merge]) => {
    const layer = make(2, { ...options, ...more });
    return merge === null ? layer : bidirectional(layer, { mergeMode: merge });
  });
/** A layer of two inputs that is given one twice: as it is, or the second time backwards, so that the two masks differ. */
const twice = (layer: Layer, second: (signal: Signal) => Signal = (signal) => signal): Layer => ({
  ...layer,
  parameters: (shape) => layer.parameters(shape, shape),
  outputShapes: (shape) => layer.outputShapes(shape, shape),
  call: ([signal], context) => layer.call([signal, second(signal)], context),
});
const backwards = (signal: Signal): Signal => ({
  node: reverse(timeMajor(signal), 0),
  timeMajor: true,
  mask: signal.mask && reverse(signal.mask, 0),
});
const sequenceLayer: fc.Arbitrary<Layer> = fc.oneof(
  recurrentLayer({ returnSequences: true }),
  fc.constantFrom(
    dense(3, { activation: "tanh" }),
    timeDistributed(dense(2, { activation: "sigmoid" })),
    timeDistributed(activation("softmax")),
    activation("gelu"),
    dropout(0.5),
    spatialDropout1D(0.5),
    layerNormalization(),
    twice(add()),
    twice(concatenate()),
    twice(attention({ useScale: true })),
    twice(attention({ useCausalMask: true })),
    twice(attention({ scoreMode: "concat" }), backwards),
    twice(additiveAttention(), backwards),
  ),
);
const head: fc.Arbitrary<readonly Layer[]> = fc.oneof(
  recurrentLayer().map((layer) => [layer]),
  fc.constantFrom([globalAveragePooling1D()], [globalMaxPooling1D()], [attentionPooling1D({ units: 2 })], []),
);
const model: fc.Arbitrary<Model> = fc
  .record({
    reading: fc.constantFrom<Reading>("ids", "vectors", "mask"),
    body: fc.array(sequenceLayer, { maxLength: 2 }),
    head,
    last: fc.constantFrom(
      ["softmax", "categoricalCrossentropy"],
      ["sigmoid", "binaryCrossentropy"],
      ["linear", "meanSquaredError"],
      ["tanh", "meanAbsoluteError"],
    ),
  })
  .map(({ reading, body, head, last: [f, loss] }) => {
    const first = {
      ids: [embedding(VOCABULARY, FEATURES, { maskZero: true })],
      vectors: [masking({ maskValue: MASK_VALUE })],
      mask: [],
    };
    return { reading, loss: loss, layers: [...first[reading], ...body, ...head, dense(CLASSES, { activation: f })] };
  });
const lengths = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 });

function sentencesOf(reading: Reading, lengths: readonly number[], seed: number): Sentence[] {
  const random = new Random(seed);
  const word = () =>
    reading === "ids"
      ? [1 + random.integer(VOCABULARY - 1)]
      : Array.from({ length: FEATURES }, () => 2 * random.uniform() - 1);
  return lengths.map((length) => Array.from({ length }, word));
}

const alone = (sentence: Sentence): Batch => ({
  sentences: [sentence],
  steps: [[...sentence.keys()]],
  time: Math.max(1, sentence.length),
});

/** All sentences in one batch, each word at a random step after the word before it. */
function padded(sentences: readonly Sentence[], extra: number, seed: number): Batch {
  const random = new Random(seed);
  const time = Math.max(1, ...sentences.map(({ length }) => length)) + extra;
  const steps = sentences.map(({ length }) => [...random.permutation(time).slice(0, length)].sort((a, b) => a - b));
  return { sentences, steps, time };
}

function inputValues(
  reading: Reading,
  { sentences, steps, time }: Batch,
  seed: number,
): { x: number[]; mask: number[] } {
  const random = new Random(seed);
  const filler = { ids: () => 0, vectors: () => MASK_VALUE, mask: () => 6 * random.uniform() - 3 }[reading];
  const width = reading === "ids" ? 1 : FEATURES;
  const rows = sentences.map((sentence, i) =>
    Array.from({ length: time }, (_, t) => sentence[steps[i]!.indexOf(t)] ?? Array.from({ length: width }, filler)),
  );
  return {
    x: rows.flat(2),
    mask: steps.flatMap((at) => Array.from({ length: time }, (_, t) => Number(at.includes(t)))),
  };
}

interface Result {
  /** For each sentence the outputs at its words, or its one output. */
  readonly outputs: number[][];
  readonly totals: Record<string, number[]>;
  readonly j: number;
}

async function run({ reading, layers, loss }: Model, batch: Batch, engine: Engine): Promise<Result> {
  const [B, T] = [batch.sentences.length, batch.time];
  const x = reading === "ids" ? input("x", [B, T], "int") : input("x", [B, T, FEATURES]);
  const inputs: Record<string, Node> = { x };
  const values: Values = inputValues(reading, batch, 17);
  if (reading === "mask") inputs.mask = input("mask", [B, T]);
  let signal: Signal = { node: x, timeMajor: false, mask: inputs.mask && transpose(inputs.mask) };
  const parameters: string[] = [];
  layers.forEach((layer, i) => {
    for (const { name, shape } of layer.parameters(batchMajor(signal).shape)) {
      parameters.push(`${i}/${name}`);
      inputs[`${i}/${name}`] = input(`${i}/${name}`, shape);
      values[`${i}/${name}`] = randomValues(sizeOf(shape), i + 31 * name.length);
    }
    signal = layer.call([signal], {
      training: false,
      parameter: (name) => inputs[`${i}/${name}`]!,
      seed: constant(0),
      nextStream: () => 0,
    })[0];
  });
  const { mask } = signal;
  const node = mask ? timeMajor(signal) : signal.node;
  const yTrue = broadcastTo(constant([0, 1, 0, 0]), node.shape);
  const perSample = resolveLoss(loss).perSample(yTrue, node);
  const { total, count } = lossTotals(perSample, { mask });
  const right = weightedTotals(categoricalAccuracy().perSample(yTrue, node), { mask });
  const gradients = differentiate(
    total,
    parameters.map((name) => inputs[name]!),
  );
  const outputs = {
    y: batchMajor(signal),
    ...(mask && { valid: transpose(mask) }),
    j: reduceLoss(perSample, { mask }),
    total,
    count,
    right: right.total,
    of: right.count,
    ...Object.fromEntries(parameters.map((name, i) => [`d ${name}`, gradients[i]!])),
  };
  const { y, valid, j, ...rest } = await runEquations({ name: "padding", inputs, outputs }, values, { engine });
  const totals = Object.fromEntries(Object.entries(rest).filter(([name]) => !parameters.includes(name)));
  const rowOf = (i: number) => y!.slice((i * y!.length) / B, ((i + 1) * y!.length) / B);
  const outputsOf = (i: number) =>
    valid ? rowOf(i).filter((_, k) => valid[i * T + Math.floor(k / CLASSES)] === 1) : rowOf(i);
  return { outputs: batch.sentences.map((_, i) => outputsOf(i)), totals, j: j![0]! };
}

async function check(model: Model, sentences: readonly Sentence[], batch: Batch, engine: Engine, tolerance: number) {
  const together = await run(model, batch, engine);
  const singles: Result[] = [];
  for (const sentence of sentences) singles.push(await run(model, alone(sentence), engine));
  singles.forEach(({ outputs }, i) => {
    expectClose(together.outputs[i]!, outputs[0]!, tolerance, `outputs of sentence ${i}`);
  });
  for (const name of Object.keys(together.totals)) {
    const sum = together.totals[name]!.map((_, k) =>
      singles.reduce((total, { totals }) => total + totals[name]![k]!, 0),
    );
    expectClose(together.totals[name]!, sum, tolerance, name);
  }
  const { total, count } = together.totals;
  expectClose([together.j], [count![0] === 0 ? 0 : total![0]! / count![0]!], tolerance, "J");
  expect(together.outputs.flat().every(Number.isFinite)).toBe(true);
}

describe.each([
  ["float64", referenceEngine, 1e-11, 120],
  ["float32", wasmEngine, 3e-5, 40],
] as const)("padding changes nothing in %s", (_, engine, tolerance, numRuns) => {
  it("whatever the model, the padding and the other sentences of the batch", async () => {
    await fc.assert(
      fc.asyncProperty(
        model,
        lengths,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 1e6 }),
        async (model, lengths, extra, seed) => {
          const sentences = sentencesOf(model.reading, lengths, seed);
          await check(model, sentences, padded(sentences, extra, seed + 1), engine, tolerance);
        },
      ),
      { numRuns, seed: 5 },
    );
  });
});

describe("a convolution that keeps its steps", () => {
  it.each([
    ["same", conv1D(3, 3, { padding: "same", activation: "tanh" })],
    ["causal", conv1D(3, 2, { padding: "causal", dilationRate: 2 })],
  ])("with padding %s does not see what lies before and after a sequence", async (_, convolution) => {
    const model: Model = { reading: "mask", layers: [convolution, dense(CLASSES)], loss: "meanSquaredError" };
    const sentences = sentencesOf("mask", [4, 2, 0, 5], 3);
    const shifted = sentences.map((sentence, i) => [...sentence.keys()].map((t) => t + i));
    await check(model, sentences, { sentences, steps: shifted, time: 9 }, referenceEngine, 1e-11);
  });
});

describe("the property can fail", () => {
  it("a layer that lets padding through is caught", async () => {
    const leaky: Layer = {
      ...globalAveragePooling1D(),
      call: ([signal], context) => globalAveragePooling1D().call([{ ...signal, mask: undefined }], context),
    };
    const careless: Model = { reading: "mask", layers: [leaky, dense(CLASSES)], loss: "meanSquaredError" };
    const sentences = sentencesOf("mask", [2, 3], 1);
    await expect(check(careless, sentences, padded(sentences, 1, 2), referenceEngine, 1e-11)).rejects.toThrow(
      /outputs of/,
    );
  });
});
