/** The reported loss: Σ losses / Σ their count, however the data are cut into batches, windows and shards. */
import { describe, expect, it } from "vitest";
import { referenceEngine, wasmEngine } from "../engines/index.js";
import { dense, embedding, input, lstm, simpleRNN } from "../layers/index.js";
import { sparseCategoricalCrossentropy } from "../losses/index.js";
import { l2 } from "../regularizers/index.js";
import { Random } from "../tensor/random.js";
import { tensor } from "../tensor/tensor.js";
import { earlyStopping, type Logs } from "../training/index.js";
import { model } from "./functional.js";
import { sequential } from "./sequential.js";

const words = 6;
const random = new Random(3);

/** Sequences of 3 words, padded to 30. */
function padded(count: number, steps = 30, lengthOf: (row: number) => number = () => 3) {
  const x = new Int32Array(count * steps);
  for (let row = 0; row < count; row++) {
    for (let step = 0; step < lengthOf(row); step++) x[row * steps + step] = 1 + random.integer(words - 1);
  }
  return {
    x: tensor(x, [count, steps]),
    y: tensor(
      x.map((word) => (word * 5 + 1) % words),
      [count, steps],
    ),
  };
}

function reader(engine = referenceEngine, threads = 1) {
  const layers = [
    embedding(words, 4, { maskZero: true }),
    simpleRNN(5, { returnSequences: true }),
    dense(words, { activation: "softmax" }),
  ];
  const loss = "sparseCategoricalCrossentropy";
  return sequential(layers, { engine, seed: 5, threads }).compile({ optimizer: "sgd", loss, metrics: ["perplexity"] });
}

/** Perplexity is made of the same sums. */
function expectLossOfPerplexity({ loss, perplexity, valLoss, valPerplexity }: Logs, digits = 10) {
  expect(loss).toBeCloseTo(Math.log(perplexity!), digits);
  if (valLoss !== undefined) expect(valLoss).toBeCloseTo(Math.log(valPerplexity!), digits);
}

describe("the loss of several batches", () => {
  it("does not count windows of padding", async () => {
    const { x, y } = padded(4);
    const whole = await reader().evaluate(x, y);
    expectLossOfPerplexity(whole);
    expect(whole.loss).toBeGreaterThan(1.6);
    for (const window of [1, 2, 3, 7, 30]) {
      expect((await reader().evaluate(x, y, { window })).loss).toBeCloseTo(whole.loss!, 10);
    }
  });

  it("does not count windows of padding in truncated training, nor in its validation", async () => {
    const { x, y } = padded(4);
    const other = padded(2);
    const seen: Logs[] = [];
    const trained = reader();
    await trained.fit(x, y, {
      truncate: { window: 3 },
      epochs: 2,
      seed: 1,
      verbose: 0,
      validationData: [other.x, other.y],
      callbacks: [{ onEpochEnd: (_, logs) => void seen.push(logs) }, earlyStopping({ baseline: 0.5, patience: 5 })],
    });
    for (const logs of seen) expectLossOfPerplexity(logs);
    expect(seen[1]!.valLoss).toBeCloseTo((await trained.evaluate(other.x, other.y)).loss!, 10);
  });

  it("does not count an empty example", async () => {
    const { x, y } = padded(2, 4, (row) => 3 * row);
    const [alone, together] = [await reader().evaluate(x, y, { batchSize: 1 }), await reader().evaluate(x, y)];
    expect(alone.loss).toBeCloseTo(together.loss!, 12);
    expect(await reader().evaluate(tensor(new Int32Array(8), [2, 4]), y)).toEqual({ loss: 0, perplexity: 0 });
  });

  it("is that of training in batches by length, and on several threads", async () => {
    const lengths = Array.from({ length: 40 }, (_, row) => row % 11);
    const { x, y } = padded(40, 10, (row) => lengths[row]!);
    for (const [trained, digits] of [
      [reader(), 10],
      [reader(wasmEngine, 2), 4],
    ] as const) {
      for (const options of [{ lengths, batchSize: 7 }, { batchSize: 16 }]) {
        const { history } = await trained.fit(x, y, { ...options, seed: 1, verbose: 0, validationSplit: 0.3 });
        expectLossOfPerplexity(
          Object.fromEntries(Object.entries(history).map(([name, [value]]) => [name, value!])),
          digits,
        );
      }
    }
  });

  it("counts classes that are not ignored, and weighs examples", async () => {
    const { x, y } = padded(7, 5, (row) => row % 6);
    const ignored = tensor(
      y.data.map((word, i) => (i % 3 === 0 ? -1 : word)),
      y.shape,
    );
    const sampleWeight = [1, 2, 0, 0.5, 3, 1, 4].map((weight) => [weight]);
    const judged = reader().compile({ loss: sparseCategoricalCrossentropy({ ignoreClass: -1 }) });
    const options = { sampleWeight, batchSize: 7 };
    const { loss } = await judged.evaluate(x, ignored, options);
    for (const batchSize of [1, 2, 3]) {
      expect((await judged.evaluate(x, ignored, { ...options, batchSize })).loss).toBeCloseTo(loss!, 12);
    }
  });

  it("is the weighted sum of every output's loss, and the penalty of the weights", async () => {
    const { x, y } = padded(7, 5, (row) => row % 6);
    const x0 = input({ shape: [5] });
    const states = lstm(4, { returnSequences: true }).apply(embedding(words, 3, { maskZero: true }).apply(x0));
    const outputs = {
      word: dense(words, { activation: "softmax", kernelRegularizer: l2({ l2: 0.1 }) }).apply(states),
      size: dense(1).apply(lstm(2).apply(states)),
    };
    const judged = model({ inputs: x0, outputs }, { seed: 1, engine: referenceEngine });
    judged.compile({
      loss: { word: "sparseCategoricalCrossentropy", size: "mse" },
      lossWeights: { word: 0.5, size: 3 },
    });
    const targets = { word: y, size: Array.from({ length: 7 }, (_, row) => row) };
    const whole = await judged.evaluate(x, targets);
    expect(Object.keys(whole)).toEqual(["loss", "wordLoss", "sizeLoss"]);
    const penalty = whole.loss! - 0.5 * whole.wordLoss! - 3 * whole.sizeLoss!;
    expect(penalty).toBeGreaterThan(0.01);
    for (const batchSize of [1, 2, 3]) {
      const logs = await judged.evaluate(x, targets, { batchSize });
      for (const name of Object.keys(whole)) expect(logs[name]).toBeCloseTo(whole[name]!, 12);
    }
  });

  it("of one training batch is the loss of that batch", async () => {
    const { x, y } = padded(4, 6, (row) => row);
    const { loss } = await reader().testOnBatch(x, y);
    expect((await reader().trainOnBatch(x, y)).loss).toBeCloseTo(loss!, 12);
  });
});

describe("names of losses and metrics in logs", () => {
  it("are different, so that their sums stay apart", async () => {
    const x0 = input({ shape: [2] });
    const outputs = { a: dense(1).apply(x0), aB: dense(1).apply(x0), a_b: dense(1).apply(x0) };
    const judged = model({ inputs: x0, outputs }, { seed: 1, engine: referenceEngine });
    judged.compile({ loss: "mse", metrics: { a: { type: "mae", name: "loss" }, aB: "mae", a_b: "mae" } });
    const [x, y] = [[[1, 2]], { a: [1], aB: [10], a_b: [100] }];
    const logs = await judged.evaluate(x, y);
    expect(Object.keys(logs)).toEqual(["loss", "aLoss", "aBLoss", "aBLoss_1", "aLoss_1", "aBMae", "aBMae_1"]);
    expect(logs.loss).toBeCloseTo(logs.aLoss! + logs.aBLoss! + logs.aBLoss_1!, 10);
    const one = sequential([dense(1)], { engine: referenceEngine }).compile({
      loss: "mse",
      metrics: [{ type: "mae", name: "loss" }],
    });
    expect(Object.keys(await one.evaluate([[1]], [2]))).toEqual(["loss", "loss_1"]);
  });
});
