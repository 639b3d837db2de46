/** Windows over series against Keras's, row by row. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type TimeseriesOptions, timeseriesDatasetFromArray } from "../../src/data/index.js";
import { type NestedArray, type Tensor, toNested } from "../../src/tensor/tensor.js";

interface WindowCase extends TimeseriesOptions {
  readonly name: string;
  readonly rows: number;
  readonly columns?: number;
  readonly targets?: number;
  readonly targetColumns?: number;
  readonly batches: readonly (readonly NestedArray[])[];
}

const { cases } = JSON.parse(readFileSync(new URL("./keras/timeseries.json", import.meta.url), "utf8")) as {
  cases: WindowCase[];
};

function series(rows: number, columns: number | undefined, sign: number): Tensor {
  const data = Float64Array.from({ length: rows * (columns ?? 1) }, (_, i) => (i === 0 ? 0 : sign * i));
  return { data, shape: columns === undefined ? [rows] : [rows, columns] };
}

describe("timeseriesDatasetFromArray gives Keras's batches", () => {
  it.each(cases)("$name", async ({ name, rows, columns, targets, targetColumns, batches, ...options }) => {
    const x = series(rows, columns, 1);
    const data = targets
      ? timeseriesDatasetFromArray(x, series(targets, targetColumns, -1), options)
      : timeseriesDatasetFromArray(x, null, options);
    const found: NestedArray[][] = [];
    for await (const batch of data) found.push([batch].flat().map((part) => toNested(part as Tensor)));
    expect(found).toEqual(batches);
    expect(data.size).toBe(batches.length);
  });
});
