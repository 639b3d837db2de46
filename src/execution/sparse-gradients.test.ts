/** Updates of embeddings by rows, which give the numbers of whole gradients. */
import { describe, expect, it } from "vitest";
import type { Program } from "../compiler/program.js";
import type { Engine } from "../engines/engine.js";
import { createWasmEngine } from "../engines/index.js";
import { referenceEngine } from "../engines/reference/reference-engine.js";
import { bidirectional, dense, embedding, input, simpleRNN } from "../layers/index.js";
import { model as modelOf } from "../models/functional.js";
import { type Sequential, sequential } from "../models/sequential.js";
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  lion,
  nadam,
  type Optimizer,
  rmsprop,
  sgd,
} from "../optimizers/index.js";
import { Random } from "../tensor/random.js";

const [N, T, V, W, C] = [40, 5, 400, 8, 3];
const random = new Random(6);
/** Of the first 60 ids few are left out, of the others most; padded behind. */
const sentences = Array.from({ length: N }, (_, row) =>
  Array.from({ length: T }, (_, t) => (t > row % T ? 0 : random.integer(row % 4 === 0 ? V : 60))),
);
const classes = Array.from({ length: N }, () => random.integer(C));

/** Changes nothing, but may concern the whole weight. */
const asItIs = { config: { type: "asItIs" }, apply: <Value>(weight: Value): Value => weight };

interface Setting {
  readonly engine?: Engine;
  readonly threads?: number;
  /** True if gradients are kept whole. */
  readonly whole?: boolean;
}

function modelWith(
  optimizer: Optimizer,
  { engine = referenceEngine, threads = 1, whole = false }: Setting,
): Sequential {
  const limits = whole ? { embeddingsConstraint: asItIs } : {};
  return sequential(
    [embedding(V, W, { maskZero: true, ...limits }), bidirectional(simpleRNN(4)), dense(C, { activation: "softmax" })],
    { seed: 3, engine, threads },
  ).compile({ optimizer, loss: "sparseCategoricalCrossentropy" });
}

const numbersOf = (model: Sequential): number[][] => [
  ...model.getWeights().map(({ data }) => [...data]),
  ...(model.optimizerState()?.slots ?? []).map(({ values }) => [...values.data]),
];

/** Batches of up to 20 are kept by rows; the last of an epoch is smaller than the others. */
async function trained(
  optimizer: Optimizer,
  setting: Setting,
  options: { batchSize?: number; lengths?: number[] } = {},
) {
  const model = modelWith(optimizer, setting);
  await model.fit(sentences, classes, { batchSize: 17, epochs: 2, seed: 1, verbose: 0, ...options });
  return numbersOf(model);
}

function expectEqual(actual: number[][], expected: number[][], tolerance: number): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const worst = actual.flatMap((values, i) => values.map((value, j) => Math.abs(value - expected[i]![j]!)));
  expect(Math.max(...worst)).toBeLessThan(tolerance);
}

/** An engine that shows the programs it is given. */
function watched(engine: Engine): { engine: Engine; programs: Program[] } {
  const programs: Program[] = [];
  const createDevice = () => {
    const device = engine.createDevice();
    const load = device.load.bind(device);
    device.load = (program, options) => {
      programs.push(program);
      return load(program, options);
    };
    return device;
  };
  return { engine: { ...engine, createDevice }, programs };
}

const isByRows = ({ instructions }: Program) => instructions.some(({ kind }) => kind === "firstPositions");
const wasm = createWasmEngine({ threads: 2 });

const optimizers: readonly (readonly [string, () => Optimizer])[] = [
  ["sgd", () => sgd({ learningRate: 0.5 })],
  ["sgd with momentum", () => sgd({ learningRate: 0.2, momentum: 0.9, nesterov: true })],
  ["rmsprop", () => rmsprop({ learningRate: 0.01, momentum: 0.5, centered: true })],
  ["adam", () => adam({ learningRate: 0.02, amsgrad: true })],
  ["adamw", () => adamw({ learningRate: 0.02, weightDecay: 0.05 })],
  ["adamax", () => adamax({ learningRate: 0.02 })],
  ["nadam", () => nadam({ learningRate: 0.02 })],
  ["adagrad", () => adagrad({ learningRate: 0.1 })],
  ["adadelta", () => adadelta({ learningRate: 1 })],
  ["lion", () => lion({ learningRate: 0.01 })],
  ["a norm for each", () => adam({ learningRate: 0.02, clipnorm: 0.003 })],
  ["a common norm", () => sgd({ learningRate: 0.5, globalClipnorm: 0.01 })],
  ["a limit for each number", () => rmsprop({ learningRate: 0.02, clipvalue: 1e-3 })],
];

describe.each(optimizers)("an embedding's update by rows, with %s", (_, optimizer) => {
  it("is that of the whole gradient, in one shard and in several", async () => {
    const whole = await trained(optimizer(), { whole: true });
    expectEqual(await trained(optimizer(), {}), whole, 1e-12);
    expectEqual(await trained(optimizer(), { threads: 2 }), whole, 1e-12);
  });

  it("is the same on real threads, bit for bit each time", async () => {
    const setting = { engine: wasm, threads: 2 };
    const first = await trained(optimizer(), setting);
    expectEqual(first, await trained(optimizer(), { engine: wasm, whole: true }), 1e-3);
    expect(await trained(optimizer(), setting)).toEqual(first);
  });
});

describe("rows and whole gradients", () => {
  it.each([1, 2])("follow one another as batches are small or large, in %i shards", async (threads) => {
    const { engine, programs } = watched(referenceEngine);
    const model = modelWith(adam({ learningRate: 0.02 }), { engine, threads });
    const whole = modelWith(adam({ learningRate: 0.02 }), { whole: true });
    for (const [from, to] of [
      [0, 10],
      [5, 40],
      [30, 40],
      [0, 16],
    ]) {
      for (const each of [model, whole]) await each.trainOnBatch(sentences.slice(from, to), classes.slice(from, to));
    }
    expectEqual(numbersOf(model), numbersOf(whole), 1e-12);
    const updates = programs.filter(({ name }) => /training step(, update 0)?$/.test(name));
    expect(new Set(updates.map(isByRows))).toEqual(new Set([true, false]));
  });

  it("are the same where sequences of similar length are read together", async () => {
    const lengths = sentences.map((_, row) => (row % T) + 1);
    const options = { batchSize: 16, lengths };
    for (const threads of [1, 2]) {
      const byRows = await trained(adam(), { threads }, options);
      expectEqual(byRows, await trained(adam(), { threads, whole: true }, options), 1e-12);
    }
  });

  it("are the same of tables of several inputs, one of them shared", async () => {
    const run = async (whole: boolean, threads: number) => {
      const limits = whole ? { embeddingsConstraint: asItIs } : {};
      const [a, b] = [input({ shape: [T], name: "a" }), input({ shape: [T], name: "b" })];
      const shared = embedding(V, W, limits);
      const own = embedding(V, 3, limits);
      const read = [shared.apply(a), shared.apply(b), own.apply(b)].map((x, i) =>
        simpleRNN(3, { name: `r${i}` }).apply(x),
      );
      const outputs = read.map((x, i) => dense(1, { name: `y${i}` }).apply(x));
      const made = modelOf({ inputs: [a, b], outputs }, { seed: 3, threads, engine: referenceEngine }).compile({
        optimizer: adam({ globalClipnorm: 0.01 }),
        loss: "meanSquaredError",
      });
      const y = classes.map((c) => [c]);
      await made.fit([sentences, sentences.toReversed()], [y, y, y], { batchSize: 16, epochs: 2, verbose: 0, seed: 1 });
      return made.getWeights().map(({ data }) => [...data]);
    };
    const whole = await run(true, 1);
    for (const threads of [1, 2]) expectEqual(await run(false, threads), whole, 1e-12);
  });
});

describe("a training by rows that continues elsewhere", () => {
  const half = async (model: Sequential, part: 0 | 1) => {
    for (let i = 0; i < 3; i++) {
      const start = 18 * part + 6 * i;
      await model.trainOnBatch(sentences.slice(start, start + 16), classes.slice(start, start + 16));
    }
  };

  it.each([
    ["momentum", () => sgd({ learningRate: 0.2, momentum: 0.9 })],
    ["adam", () => adam({ learningRate: 0.02 })],
  ] as const)("has the same bits with %s, wherever it has been before", async (_, optimizer) => {
    for (const setting of [{}, { engine: wasm }, { engine: wasm, threads: 2 }]) {
      const model = modelWith(optimizer(), setting);
      await half(model, 0);
      const [weights, state, snapshot] = [model.getWeights(), model.optimizerState()!, await model.trainer.snapshot()];
      const fresh = modelWith(optimizer(), setting);
      const used = modelWith(optimizer(), setting);
      await half(used, 1);
      for (const other of [fresh, used]) {
        if (other === fresh) other.build([null, T]);
        other.setWeights(weights);
        other.setOptimizerState(state);
        await half(other, 1);
      }
      await half(model, 1);
      const expected = numbersOf(model);
      expect(numbersOf(fresh)).toEqual(expected);
      expect(numbersOf(used)).toEqual(expected);
      await model.trainer.restore(snapshot);
      await half(model, 1);
      expect(numbersOf(model)).toEqual(expected);
    }
  });

  it("begins anew when it is compiled again", async () => {
    const model = modelWith(adam({ learningRate: 0.02 }), {});
    await half(model, 0);
    const weights = model.getWeights();
    const options = { optimizer: adam({ learningRate: 0.02 }), loss: "sparseCategoricalCrossentropy" } as const;
    model.compile(options);
    const other = modelWith(adam({ learningRate: 0.02 }), {});
    other.build([null, T]);
    other.setWeights(weights);
    for (const each of [model, other]) await half(each, 1);
    expect(numbersOf(model)).toEqual(numbersOf(other));
  });
});
