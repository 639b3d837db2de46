/** Options that are not given: the values of Keras, where it has the object. A default changed by a slip changes every model made without it. */
import { expect, it } from "vitest";
import { initializers, resolveInitializer } from "../../src/initializers/index.js";
import { losses, resolveLoss } from "../../src/losses/index.js";
import { metrics, resolveMetric } from "../../src/metrics/index.js";
import { optimizers, resolveOptimizer } from "../../src/optimizers/index.js";
import { regularizers, resolveRegularizer } from "../../src/regularizers/index.js";

type Table = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The options of each name whose config holds more than its type. */
function defaultsOf(names: object, resolve: (name: string) => unknown): Table {
  const tables = Object.keys(names).map((name) => {
    const { type: _, ...options } = (resolve(name) as { readonly config: Record<string, unknown> }).config;
    return [name, options] as const;
  });
  return Object.fromEntries(tables.filter(([, options]) => Object.keys(options).length > 0));
}

it("initializers", () => {
  expect(defaultsOf(initializers, resolveInitializer)).toEqual({
    constant: { value: 0 },
    identity: { gain: 1 },
    randomUniform: { minval: -0.05, maxval: 0.05 },
    randomNormal: { mean: 0, stddev: 0.05 },
    truncatedNormal: { mean: 0, stddev: 0.05 },
    varianceScaling: { scale: 1, mode: "fanIn", distribution: "truncatedNormal" },
    orthogonal: { gain: 1 },
  });
});

it("optimizers", () => {
  const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  expect(defaultsOf(optimizers, (name) => resolveOptimizer(name as "sgd"))).toEqual({
    sgd: { learningRate: 0.01, momentum: 0, nesterov: false },
    rmsprop: { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
    adam: { ...adam, amsgrad: false },
    adamw: { ...adam, amsgrad: false, weightDecay: 0.004 },
    adamax: adam,
    nadam: adam,
    adagrad: { learningRate: 0.001, initialAccumulatorValue: 0.1, epsilon: 1e-7 },
    adadelta: { learningRate: 0.001, rho: 0.95, epsilon: 1e-7 },
    lion: { learningRate: 0.001, beta1: 0.9, beta2: 0.99 },
  });
});

it("losses", () => {
  expect(defaultsOf(losses, (name) => resolveLoss(name as "ctc"))).toEqual({
    binaryCrossentropy: { fromLogits: false, labelSmoothing: 0 },
    categoricalCrossentropy: { fromLogits: false, labelSmoothing: 0, normalize: true },
    sparseCategoricalCrossentropy: { fromLogits: false, normalize: true },
    binaryFocalCrossentropy: {
      gamma: 2,
      alpha: 0.25,
      applyClassBalancing: false,
      fromLogits: false,
      labelSmoothing: 0,
    },
    categoricalFocalCrossentropy: { gamma: 2, alpha: 0.25, fromLogits: false, labelSmoothing: 0 },
    huber: { delta: 1 },
    ctc: { blank: 0 },
  });
});

it("metrics", () => {
  expect(defaultsOf(metrics, (name) => resolveMetric(name as "auc"))).toEqual({
    binaryAccuracy: { threshold: 0.5 },
    topKCategoricalAccuracy: { k: 5 },
    sparseTopKCategoricalAccuracy: { k: 5 },
    precision: { threshold: 0.5, average: "micro" },
    recall: { threshold: 0.5, average: "micro" },
    f1Score: { threshold: null, average: "macro" },
    auc: { numThresholds: 200, curve: "ROC" },
  });
});

it("regularizers", () => {
  expect(defaultsOf(regularizers, (name) => resolveRegularizer(name as "l1"))).toEqual({
    l1: { l1: 0.01 },
    l2: { l2: 0.01 },
    l1l2: { l1: 0, l2: 0 },
    orthogonalRegularizer: { factor: 0.01, mode: "rows" },
  });
});
