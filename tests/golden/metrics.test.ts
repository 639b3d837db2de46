/** Accuracy against Keras: which accuracy it becomes, and its running value over two batches. */
import { describe, expect, it } from "vitest";
import { input } from "../../src/equations/index.js";
import { accuracy, weightedTotals } from "../../src/metrics/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";

interface Batch {
  readonly yTrue: NestedArray;
  readonly yPred: NestedArray;
  readonly mask: NestedArray | null;
  readonly sampleWeight: NestedArray | null;
}

interface MetricCase {
  readonly name: string;
  readonly resolved: string;
  readonly batches: readonly Batch[];
  readonly results: readonly { accuracy: number; weighted_accuracy: number }[];
}

async function totals(golden: MetricCase, batch: Batch, weighted: boolean, engine: (typeof engines)[number][1]) {
  const [yTrue, yPred] = [toTensor(batch.yTrue), toTensor(batch.yPred)];
  const metric = accuracy().resolve(yTrue.shape, yPred.shape, "float");
  expect(metric.config.type).toBe(golden.resolved);
  expect(metric.name).toBe("accuracy");
  const sampleWeight = weighted ? batch.sampleWeight : null;
  const inputs = {
    yTrue: input("yTrue", yTrue.shape, metric.config.type === "sparseCategoricalAccuracy" ? "int" : "float"),
    yPred: input("yPred", yPred.shape),
    ...(batch.mask && { mask: input("mask", toTensor(batch.mask).shape) }),
    ...(sampleWeight && { sampleWeight: input("sampleWeight", toTensor(sampleWeight).shape) }),
  };
  const { mask, sampleWeight: weights } = inputs;
  const outputs = weightedTotals(metric.perSample(inputs.yTrue, inputs.yPred), { mask, sampleWeight: weights });
  const values = {
    yTrue: yTrue.data,
    yPred: yPred.data,
    ...(batch.mask && { mask: flat(batch.mask) }),
    ...(sampleWeight && { sampleWeight: flat(sampleWeight) }),
  };
  const { total, count } = await runEquations({ name: "metric", inputs, outputs }, values, { engine });
  return [total![0]!, count![0]!] as const;
}

describe.each(engines)("accuracy in %s is what Keras counts", (_, engine, tolerance) => {
  const cases = goldenCases<MetricCase>("metrics.json");
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    for (const key of ["accuracy", "weighted_accuracy"] as const) {
      let [total, count] = [0, 0];
      for (const [i, batch] of golden.batches.entries()) {
        const [right, of] = await totals(golden, batch, key === "weighted_accuracy", engine);
        total += right;
        count += of;
        expectClose([total / count], [golden.results[i]![key]], tolerance, `${key} after batch ${i + 1}`);
      }
    }
  });
});
