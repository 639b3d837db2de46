/** Metrics that are sums against Keras: their running value over two batches, with and without sample weights. */
import { describe, it } from "vitest";
import { input } from "../../src/equations/index.js";
import { metricTotals, metricValue, resolveMetric, type SummedMetric } from "../../src/metrics/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../conformance/run-equations.js";
import { engines, goldenCases } from "./golden.js";

interface SumsCase {
  readonly name: string;
  readonly metric: { readonly type: string };
  readonly batches: readonly { yTrue: NestedArray; yPred: NestedArray; sampleWeight: NestedArray | null }[];
  readonly results: readonly number[];
}

describe.each(engines)("metrics that are sums, in %s, are what Keras counts", (_, engine, tolerance) => {
  const cases = goldenCases<SumsCase>("sums.json");
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const metric = resolveMetric(golden.metric) as SummedMetric;
    let sums: number[] | undefined;
    for (const [i, batch] of golden.batches.entries()) {
      const [yTrue, yPred] = [toTensor(batch.yTrue), toTensor(batch.yPred)];
      const weight = batch.sampleWeight === null ? undefined : toTensor(batch.sampleWeight);
      const inputs = {
        yTrue: input("yTrue", yTrue.shape, yTrue.shape.length === 1 ? "int" : "float"),
        yPred: input("yPred", yPred.shape),
        ...(weight && { sampleWeight: input("sampleWeight", weight.shape) }),
      };
      const totals = metricTotals(metric, inputs.yTrue, inputs.yPred, { sampleWeight: inputs.sampleWeight });
      const values = { yTrue: yTrue.data, yPred: yPred.data, ...(weight && { sampleWeight: weight.data }) };
      const result = await runEquations({ name: "sums", inputs, outputs: { totals } }, values, { engine });
      sums = result.totals!.map((sum, k) => sum + (sums?.[k] ?? 0));
      // Keras adds up 1e-7 in a denominator here and there.
      expectClose([metricValue(metric, sums)], [golden.results[i]!], Math.max(tolerance, 1e-6), `after batch ${i + 1}`);
    }
  });
});
