/** Reports of a model: metrics that are sums, over batches and threads, and targets that do not count. */
import { describe, expect, it } from "vitest";
import { referenceEngine, wasmEngine } from "../engines/index.js";
import { dense, embedding, simpleRNN } from "../layers/index.js";
import { sparseCategoricalCrossentropy } from "../losses/index.js";
import {
  auc,
  classificationReport,
  confusionMatrix,
  f1Score,
  precision,
  recall,
  rootMeanSquaredError,
} from "../metrics/index.js";
import { sequential, sequentialFromConfig } from "../models/sequential.js";
import { Random } from "../tensor/random.js";
import { tensor } from "../tensor/tensor.js";

const [count, time, classes] = [20, 5, 3];
const random = new Random(4);
const x = tensor(
  Int32Array.from({ length: count * time }, () => random.integer(6)),
  [count, time],
);
const y = tensor(
  Int32Array.from(x.data, (word) => (word === 0 ? 0 : random.integer(classes))),
  [count, time],
);
const metrics = [
  "accuracy",
  precision({ average: "macro", threshold: null }),
  recall({ classId: 1, threshold: null }),
  f1Score({ average: "weighted", name: "f1" }),
  "auc",
];

function tagger(threads = 1, engine = referenceEngine) {
  const layers = [
    embedding(6, 4, { maskZero: true }),
    simpleRNN(5, { returnSequences: true }),
    dense(classes, { activation: "softmax" }),
  ];
  return sequential(layers, { engine, seed: 5, threads }).compile({ loss: "sparseCategoricalCrossentropy", metrics });
}

describe("metrics that are sums", () => {
  it("are those of the whole, whatever the batches", async () => {
    const model = tagger();
    const logs = await model.evaluate(x, y, { batchSize: 3 });
    expect(Object.keys(logs)).toEqual(["loss", "accuracy", "precision", "recall", "f1", "auc"]);
    const whole = await model.evaluate(x, y, { batchSize: 50 });
    for (const name of Object.keys(logs).slice(1)) expect(logs[name]).toBeCloseTo(whole[name]!, 12);
    // At padding the true class is set to one that is left out.
    const truth = tensor(
      y.data.map((tag, i) => (x.data[i] === 0 ? -1 : tag)),
      y.shape,
    );
    const matrix = confusionMatrix(truth, await model.predict(x), { ignoreClass: -1 });
    const report = classificationReport(matrix);
    expect(logs.accuracy).toBeCloseTo(report.accuracy, 12);
    expect(logs.precision).toBeCloseTo(report.macro.precision, 12);
    expect(logs.recall).toBeCloseTo(report.classes[1]!.recall, 12);
    expect(logs.f1).toBeCloseTo(report.weighted.f1, 12);
  });

  it("are added up over threads, while training too", async () => {
    const [one, two] = [tagger(1, wasmEngine), tagger(2, wasmEngine)];
    const options = { verbose: 0, epochs: 2, batchSize: 20, seed: 1 } as const;
    const [a, b] = [await one.fit(x, y, options), await two.fit(x, y, options)];
    for (const name of Object.keys(a.history)) expect(b.history[name]![1]).toBeCloseTo(a.history[name]![1]!, 4);
  });

  it("come back with their options from a model's config", () => {
    const model = tagger().build([null, time]);
    const again = sequentialFromConfig(JSON.parse(JSON.stringify(model.toConfig())), { engine: referenceEngine });
    expect(again.toConfig().compile).toEqual(model.toConfig().compile);
    expect(model.toConfig().compile!.metrics).toContainEqual({
      type: "precision",
      threshold: null,
      average: "macro",
      name: "precision",
    });
  });

  it("may be a function of a mean", async () => {
    const model = sequential([dense(1)], { engine: referenceEngine, seed: 1 });
    model.compile({ loss: "mse", metrics: [rootMeanSquaredError({ name: "rmse" }), auc({ numThresholds: 3 })] });
    const logs = await model.evaluate([[1], [2], [4]], [[3], [5], [0]], { batchSize: 2 });
    expect(logs.rmse).toBeCloseTo(Math.sqrt((await model.evaluate([[1], [2], [4]], [[3], [5], [0]])).loss!), 12);
  });
});

describe("targets that do not count", () => {
  it("may be no class, and are left out of loss and accuracy", async () => {
    const layers = () => [embedding(6, 4), simpleRNN(5, { returnSequences: true }), dense(classes)];
    const loss = (ignoreClass?: number) => sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass });
    const model = sequential(layers(), { engine: referenceEngine, seed: 5 });
    const evaluate = (targets: typeof y, ignore?: number, sampleWeight?: typeof y) =>
      model
        .compile({ loss: loss(ignore), metrics: ["accuracy"], weightedMetrics: ["accuracy"] })
        .evaluate(x, targets, { sampleWeight });
    const ignored = tensor(
      y.data.map((tag, i) => (i % 3 === 0 ? -1 : tag)),
      y.shape,
    );
    const kept = tensor(
      y.data.map((_, i) => Number(i % 3 !== 0)),
      y.shape,
    );
    const [without, weighted] = [await evaluate(ignored, -1), await evaluate(y, undefined, kept)];
    const share = kept.data.reduce((sum, one) => sum + one, 0) / kept.data.length;
    expect(without.loss).toBeCloseTo(weighted.loss! / share, 12);
    expect(without.accuracy).toBeCloseTo(weighted.weightedAccuracy!, 12);
    await expect(evaluate(ignored)).rejects.toThrow(/-1 at .* is not a class/);
  });
});
