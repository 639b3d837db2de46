/** Predictions that a loss or a metric would misread: warned of once. Crossentropies among the metrics read what the loss reads. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { dense, type Layer } from "../layers/index.js";
import { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } from "../losses/index.js";
import { auc, binaryAccuracy, bitsPerCharacter, f1Score, perplexity } from "../metrics/index.js";
import type { CompileOptions } from "./compile-model.js";
import { sequential } from "./sequential.js";

const quiet = { verbose: 0, seed: 1 } as const;
const make = (layers: Layer[], options: CompileOptions, engine = referenceEngine) =>
  sequential(layers, { seed: 2, engine }).compile(options);

let warnings: string[];
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text) => void warnings.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a prediction that a loss misreads", () => {
  const x = [[1], [2]];
  const said = async (
    units: number,
    activation: string,
    loss: CompileOptions["loss"],
    y: unknown,
    metrics: CompileOptions["metrics"] = [],
  ) => {
    warnings = [];
    const model = make([dense(units, { activation: activation as "softmax" })], { loss, metrics });
    for (let i = 0; i < 2; i++) await model.fit(x, y as never, quiet);
    await model.evaluate(x, y as never, { batchSize: 1 });
    return warnings;
  };
  const hot = [
    [1, 0, 0],
    [0, 1, 0],
  ];

  it("is warned of once", async () => {
    const one = (pattern: RegExp) => [expect.stringMatching(pattern)];
    expect(await said(1, "softmax", "mse", [0, 1])).toEqual(one(/Dense "dense": softmax over one unit is always 1/));
    expect(await said(1, "softmax", "binaryCrossentropy", [0, 1])).toEqual(one(/softmax over one unit/));
    expect(await said(1, "sigmoid", "categoricalCrossentropy", [0, 1])).toEqual([
      expect.stringMatching(/has one unit/),
    ]);
    expect(await said(3, "sigmoid", "categoricalCrossentropy", hot)).toEqual(one(/made by sigmoid/));
    expect(await said(3, "softmax", "binaryCrossentropy", hot)).toEqual(one(/made by softmax/));
    expect(await said(3, "softmax", categoricalCrossentropy({ fromLogits: true }), hot)).toEqual(
      one(/applies it once more/),
    );
    expect(await said(3, "linear", "sparseCategoricalCrossentropy", [0, 1])).toEqual(
      one(/has no activation.*softmax.*fromLogits/),
    );
    expect(await said(1, "linear", binaryCrossentropy({ fromLogits: true }), [0, 1], ["accuracy"])).toEqual(
      one(/"accuracy" compares.*logits/),
    );
    expect(await said(1, "linear", binaryCrossentropy({ fromLogits: true }), [0, 1], [auc()])).toEqual(one(/"auc"/));
    expect(
      await said(
        3,
        "linear",
        sparseCategoricalCrossentropy({ fromLogits: true }),
        [0, 1],
        [perplexity({ fromLogits: false })],
      ),
    ).toEqual(one(/"perplexity" has fromLogits: false/));
  });

  it("is warned of with the activation that its loss reads", async () => {
    const advice = async (...given: Parameters<typeof said>) => (await said(...given)).join();
    const several = await advice(3, "linear", sparseCategoricalCrossentropy({ fromLogits: true }), [0, 1], [auc()]);
    expect(several).toMatch(/Give the last layer activation: "softmax" .*: the loss is as exact\.$/);
    const two = await advice(1, "linear", binaryCrossentropy({ fromLogits: true }), [0, 1], ["binaryAccuracy"]);
    expect(two).toMatch(/activation: "sigmoid" .*; or take binaryAccuracy\(\{ threshold: 0 \}\)\.$/);
  });

  it("is not warned of elsewhere", async () => {
    expect(await said(1, "sigmoid", "binaryCrossentropy", [0, 1], ["accuracy", "auc"])).toEqual([]);
    expect(await said(3, "softmax", "categoricalCrossentropy", hot, ["accuracy", "perplexity"])).toEqual([]);
    expect(
      await said(2, "softmax", "binaryCrossentropy", [
        [1, 0],
        [0, 1],
      ]),
    ).toEqual([]);
    expect(
      await said(1, "linear", binaryCrossentropy({ fromLogits: true }), [0, 1], [binaryAccuracy({ threshold: 0 })]),
    ).toEqual([]);
    expect(
      await said(3, "linear", sparseCategoricalCrossentropy({ fromLogits: true }), [0, 1], ["accuracy", f1Score()]),
    ).toEqual([]);
    expect(await said(1, "linear", "mse", [0, 1])).toEqual([]);
  });
});

describe("metrics that are crossentropies", () => {
  const x = [
    [1, 0],
    [0.5, 2],
    [3, -1],
  ];
  const y = [0, 2, 1];
  it("read logits where the loss does", async () => {
    const metrics = [
      "perplexity",
      "bitsPerCharacter",
      perplexity({ name: "own" }),
      bitsPerCharacter({ name: "bits" }),
      "sparseCategoricalCrossentropy",
    ];

    const logits = make([dense(3, { inputShape: [2], kernelInitializer: { type: "randomNormal", stddev: 20 } })], {
      loss: sparseCategoricalCrossentropy({ fromLogits: true }),
      metrics,
    });
    const logs = await logits.evaluate(x, y);
    expect(logs.perplexity! / Math.exp(logs.loss!)).toBeCloseTo(1, 10);
    expect(logs.own).toBe(logs.perplexity);
    expect(logs.bitsPerCharacter).toBeCloseTo(logs.loss! / Math.LN2, 10);
    expect(logs.bits).toBe(logs.bitsPerCharacter);
    expect(logs.sparseCategoricalCrossentropy).toBeCloseTo(logs.loss!, 10);
    const again = sequential([dense(3, { inputShape: [2] })], { engine: referenceEngine }).compile(
      logits.toConfig().compile as CompileOptions,
    );
    again.setWeights(logits.getWeights());
    expect(await again.evaluate(x, y)).toEqual(logs);
    expect(warnings).toEqual([]);
  });
});
