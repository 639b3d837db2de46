/** shared/keras-golden/metrics.json: each metric over one batch, and what logs call it. */
import { expect } from "vitest";
import { input } from "../../../src/equations/index.js";
import {
  type Metric,
  metricTotals,
  metricValue,
  resolveMetric,
  type SummedMetric,
} from "../../../src/metrics/index.js";
import { type NestedArray, type Tensor, toTensor } from "../../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../../conformance/run-equations.js";
import { holdCases, sharedCases } from "./keras-golden.js";
import { camelCase, configOfCall } from "./keras-object.js";

interface MetricCase {
  readonly metric: string;
  readonly y_true: NestedArray;
  readonly y_pred: NestedArray;
  readonly sample_weight: NestedArray | null;
  readonly result: number;
  readonly default_name: string;
}

/** A model's outputs have an axis of their own, where Keras's metrics also take numbers by themselves. */
function withOutputs(value: NestedArray): Tensor {
  const { data, shape } = toTensor(value);
  return { data, shape: shape.length === 1 ? [...shape, 1] : shape };
}

holdCases(
  "metrics.json",
  sharedCases<MetricCase>("metrics.json"),
  ({ metric, sample_weight }) => `${metric}${sample_weight ? " weighted" : ""}`,
  async ({ metric: call, default_name, result, ...golden }, [, engine, tolerance]) => {
    const metric = resolveMetric(configOfCall(call)) as Metric | SummedMetric;
    expect("resolve" in metric, "it picks its form by shapes").toBe(false);
    expect(camelCase(metric.config.type)).toBe(camelCase(default_name));
    const yPred = withOutputs(golden.y_pred);
    const sparse = metric.config.type.startsWith("sparse");
    const yTrue = sparse ? toTensor(golden.y_true) : withOutputs(golden.y_true);
    const weight = golden.sample_weight && toTensor(golden.sample_weight);
    const inputs = {
      yTrue: input("yTrue", yTrue.shape, sparse ? "int" : "float"),
      yPred: input("yPred", yPred.shape),
      ...(weight && { sampleWeight: input("sampleWeight", weight.shape) }),
    };
    const totals = metricTotals(metric, inputs.yTrue, inputs.yPred, { sampleWeight: inputs.sampleWeight });
    const values = { yTrue: yTrue.data, yPred: yPred.data, ...(weight && { sampleWeight: weight.data }) };
    const actual = await runEquations({ name: call, inputs, outputs: { totals } }, values, { engine });
    expectClose([metricValue(metric, actual.totals!)], [result], tolerance);
  },
  {
    "Accuracy()": {
      because:
        "Keras's class of this name asks whether numbers are equal; here, as in compile of Keras, the name picks a form by shapes",
      fails: /it picks its form by shapes/,
    },
  },
);
