import { describe, expect, it } from "vitest";
import { expectClose, runEquations } from "../../tests/conformance/run-equations.js";
import { wasmEngine } from "../engines/wasm/wasm-engine.js";
import { constant, input, type Node } from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import {
  accuracy,
  auc,
  binaryAccuracy,
  categoricalAccuracy,
  type Metric,
  type MetricResolver,
  metrics,
  resolveMetric,
  sparseCategoricalAccuracy,
  weightedTotals,
} from "./index.js";

async function valuesOf(
  outputs: Record<string, Node>,
  values: Record<string, number[]> = {},
  inputs: Record<string, Node> = {},
) {
  const equations = { name: "metric", inputs, outputs };
  const result = await runEquations(equations, values);
  const single = await runEquations(equations, values, { engine: wasmEngine });
  for (const port of Object.keys(outputs)) expectClose(single[port]!, result[port]!, 1e-6, port);
  return result;
}

describe("accuracies", () => {
  it("binary: strictly above the threshold is class 1; the mean over the last axis", async () => {
    const yTrue = constant([1, 0, 1, 1], [2, 2]);
    const yPred = constant([0.6, 0.5, 0.5, 0.7], [2, 2]);
    const { half, high } = await valuesOf({
      half: binaryAccuracy().perSample(yTrue, yPred),
      high: binaryAccuracy({ threshold: 0.65 }).perSample(yTrue, yPred),
    });
    expect(half).toEqual([1, 0.5]);
    expect(high).toEqual([0.5, 0.5]);
  });

  it("categorical and sparse: the first of equal scores counts", async () => {
    const yPred = constant([0.4, 0.4, 0.2, 0.1, 0.1, 0.8], [2, 3]);
    const oneHot = constant([0, 1, 0, 0, 0, 1], [2, 3]);
    const ids = input("ids", [2], "int");
    const { categorical, sparse } = await valuesOf(
      {
        categorical: categoricalAccuracy().perSample(oneHot, yPred),
        sparse: sparseCategoricalAccuracy().perSample(ids, yPred),
      },
      { ids: [0, 2] },
      { ids },
    );
    expect(categorical).toEqual([0, 1]);
    expect(sparse).toEqual([1, 1]);
  });

  it.each([
    [[8, 1], [8, 1], "binaryAccuracy"],
    [[8], [8, 1], "binaryAccuracy"],
    [[8, 5, 1], [8, 5, 1], "binaryAccuracy"],
    [[8], [8, 3], "sparseCategoricalAccuracy"],
    [[8, 1], [8, 3], "sparseCategoricalAccuracy"],
    [[8, 5], [8, 5, 3], "sparseCategoricalAccuracy"],
    [[8, 3], [8, 3], "categoricalAccuracy"],
    [[5, 8], [5, 8, 3, 3], "crfAccuracy"],
  ])("targets %j and predictions %j are judged by %s", (targets, prediction, type) => {
    const metric = accuracy("acc").resolve(targets, prediction, "float");
    expect(metric.config.type).toBe(type);
    expect(metric.name).toBe("acc");
  });

  it("refuse targets of other data", () => {
    expect(() => binaryAccuracy().perSample(constant([1, 0, 1]), constant([1, 0], [2, 1]))).toThrow(ShapeError);
  });

  it("refuse targets of as many numbers with other axes", () => {
    const prediction = constant([1, 0, 1, 0, 1, 0], [2, 3]);
    expect(() => binaryAccuracy().perSample(constant([1, 0, 1, 0, 1, 0], [3, 2]), prediction)).toThrow(ShapeError);
    expect(() => binaryAccuracy().perSample(constant([1, 0, 1, 0, 1, 0]), prediction)).toThrow(ShapeError);
    expect(binaryAccuracy().perSample(constant([1, 0, 1, 0, 1, 0], [2, 1, 3]), prediction).shape).toEqual([2]);
  });
});

describe("the area under a curve", () => {
  // True positives by threshold, then false ones.
  const totals = Float64Array.of(4, 2, 1, 3, 2, 0);

  it("ROC: trapezoids", () => {
    expect(auc({ numThresholds: 3 }).value!(totals)).toBeCloseTo((1 / 3) * 0.75 + (2 / 3) * 0.375, 12);
  });

  it("PR: true positives are interpolated by all predicted positives", () => {
    const first = (2 / 3) * (2 - (2 / 3) * Math.log(7 / 4));
    const second = (1 / 3) * (1 + (2 / 3) * Math.log(4));
    expect(auc({ numThresholds: 3, curve: "PR" }).value!(totals)).toBeCloseTo((first + second) / 4, 12);
  });

  it("is 0 without positives", () => {
    for (const curve of ["ROC", "PR"] as const)
      expect(auc({ numThresholds: 3, curve }).value!(Float64Array.of(0, 0, 0, 3, 2, 0))).toBe(0);
  });
});

describe("weightedTotals", () => {
  const values = constant([1, 2, 3, 4, 5, 6], [2, 3]);
  const mask = constant([1, 1, 0, 0, 1, 1], [2, 3]);
  const totals = async (options: Parameters<typeof weightedTotals>[1], of: Node = values) => {
    const { total, count } = await valuesOf({ ...weightedTotals(of, options) });
    return [total![0], count![0]];
  };

  it("adds up values and counts valid entries", async () => {
    expect(await totals({})).toEqual([21, 6]);
    expect(await totals({ mask })).toEqual([14, 4]);
    expect(await totals({ mask: constant([0, 0, 0, 0, 0, 0], [2, 3]) })).toEqual([0, 0]);
  });

  it("weighs both, and shares a weight along an axis of size 1", async () => {
    expect(await totals({ sampleWeight: constant([2, 0, 0, 1, 0, 3], [2, 3]) })).toEqual([24, 6]);
    expect(await totals({ mask, sampleWeight: constant([10, 1], [2, 1]) })).toEqual([41, 22]);
  });

  it("averages axes beyond the weights first", async () => {
    expect(await totals({ sampleWeight: constant([2, 1]) })).toEqual([2 * 2 + 5, 3]);
  });
});

describe("resolveMetric", () => {
  it.each(Object.keys(metrics))("%s comes back from its config", (name) => {
    const metric = resolveMetric(name) as Metric;
    expect((resolveMetric(JSON.parse(JSON.stringify(metric.config))) as Metric).config).toEqual(metric.config);
    expect(metric.name).toBe(name);
  });

  it("keeps the name that was typed", () => {
    expect((resolveMetric("acc") as MetricResolver).name).toBe("acc");
    expect((resolveMetric("binary_accuracy") as Metric).name).toBe("binary_accuracy");
    expect((resolveMetric("mse") as Metric).name).toBe("mse");
  });

  it("accepts a loss as a metric", async () => {
    const metric = resolveMetric("mae") as Metric;
    const { y } = await valuesOf({ y: metric.perSample(constant([1, 5], [1, 2]), constant([2, 2], [1, 2])) });
    expect(y).toEqual([2]);
    expect(resolveMetric(metric)).toBe(metric);
  });

  it("refuses unknown names", () => {
    expect(() => resolveMetric("area")).toThrow(ConfigError);
    expect(() => resolveMetric("area")).toThrow('Unknown metric "area". Known are accuracy, binaryAccuracy,');
    expect(() => resolveMetric("area")).toThrow('Unknown metric "area"');
  });
});
