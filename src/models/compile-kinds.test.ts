import { describe, expect, it } from "vitest";
import { dense } from "../layers/index.js";
import { binaryCrossentropy } from "../losses/index.js";
import { accuracy, auc } from "../metrics/index.js";
import { adam, optimizers } from "../optimizers/index.js";
import { modelFromConfig } from "./model-from-config.js";
import { sequential } from "./sequential.js";

const compile = (options: object) => () =>
  sequential([dense(1, { inputShape: [1] })]).compile({ loss: "mse", ...options } as never);
const plain = (yTrue: unknown) => yTrue;

describe("compile tells what a function or another thing must become", () => {
  it.each([
    [{ loss: plain }, /the loss is a function.*defineLoss.*mine\(\)/],
    [{ loss: { dense: plain } }, /the loss is a function.*defineLoss/],
    [
      { loss: binaryCrossentropy },
      /binaryCrossentropy is a function that makes the loss; call it: binaryCrossentropy\(\)/,
    ],
    [{ loss: 5 }, /a loss is a name .* received 5/],
    [{ loss: null }, /choose a loss/],
    [{ metrics: [plain] }, /the metric is a function.*defineMetric.*better/],
    [{ metrics: plain }, /the metric is a function.*defineMetric/],
    [{ weightedMetrics: [auc] }, /auc is a function that makes the metric; call it: auc\(\)/],
    [{ metrics: [accuracy] }, /call it: accuracy\(\)/],
    [{ metrics: [5] }, /a metric is a name .* received 5/],
    [{ optimizer: adam }, /adam is a function that makes the optimizer; call it: adam\(\)/],
  ])("%j", (options, message) => {
    expect(compile(options)).toThrow(message);
  });
});

it("an accuracy with a name of its own comes back from the config", () => {
  const model = sequential([dense(1, { inputShape: [1] })]);
  model.compile({ loss: "mse", metrics: [accuracy(), accuracy("right"), "acc"] });
  const { metrics } = model.toConfig().compile!;
  expect(metrics).toEqual([["accuracy", { type: "accuracy", name: "right" }, "acc"]].flat());
  expect(modelFromConfig(model.toConfig()).toConfig()).toEqual(model.toConfig());
});

it("a learning rate of 0 changes nothing, and Adagrad may begin at 0", async () => {
  for (const optimizer of [optimizers.sgd({ learningRate: 0 } as never), adam({ learningRate: 0 })]) {
    const model = sequential([dense(1, { inputShape: [1] })], { seed: 1 }).compile({ loss: "mse", optimizer });
    const before = model.getWeights();
    await model.fit([[1], [2]], [3, 4], { epochs: 2, verbose: 0 });
    expect(model.getWeights()).toEqual(before);
  }
  const adagrad = optimizers.adagrad({ initialAccumulatorValue: 0, learningRate: 0.5 } as never);
  const model = sequential([dense(1, { inputShape: [1], useBias: false, kernelInitializer: "zeros" })]);
  await model.compile({ loss: "mse", optimizer: adagrad }).fit([[1]], [1], { verbose: 0 });
  // g / √(0 + g² + ε) is 1 for the first step.
  expect(model.getWeights()[0]!.data[0]).toBeCloseTo(0.5, 5);
});
