import { describe, expect, it } from "vitest";
import { ConfigError, DataError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { timeseriesDatasetFromArray } from "./timeseries.js";

const data = Float32Array.from({ length: 20 }, (_, i) => i);
const firsts = async (seed: number, epoch: number, skip = 0) => {
  const windows = timeseriesDatasetFromArray(data, data, { sequenceLength: 4, batchSize: null, shuffle: true });
  const found: number[] = [];
  for await (const [x, y] of windows.epoch(epoch, { seed, skip })) {
    expect(x.data[0]).toBe(y.data[0]);
    found.push(x.data[0]!);
  }
  return found;
};

describe("timeseriesDatasetFromArray", () => {
  it("shuffles all windows, in another order in each pass, which a resumed pass repeats", async () => {
    const first = await firsts(1, 0);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 17 }, (_, i) => i));
    expect(await firsts(1, 0)).toEqual(first);
    expect(await firsts(1, 1)).not.toEqual(first);
    expect(await firsts(2, 0)).not.toEqual(first);
    expect(await firsts(1, 0, 5)).toEqual(first.slice(5));
  });

  it("copies nothing before windows are put into batches", async () => {
    const windows = timeseriesDatasetFromArray(data, null, { sequenceLength: 4, batchSize: null });
    for await (const { data: window } of windows as AsyncIterable<Tensor>) expect(window.buffer).toBe(data.buffer);
  });

  it.each([
    [{ sequenceLength: 21 }, "a window covers 21 rows (sequenceLength 21, samplingRate 1), but there are 20"],
    [{ sequenceLength: 5, samplingRate: 5 }, "a window covers 21 rows"],
    [{ sequenceLength: 2, startIndex: 20 }, "startIndex 20 and endIndex 20 must rise and lie within the 20 rows"],
    [{ sequenceLength: 2, endIndex: 21 }, "within the 20 rows"],
    [{ sequenceLength: 2, startIndex: 6, endIndex: 6 }, "must rise"],
    [{ sequenceLength: 0 }, "sequenceLength"],
    [{}, "sequenceLength"],
    [{ sequenceLength: 2, stride: 1 }, "stride"],
  ])("refuses %j", (options, message) => {
    expect(() => timeseriesDatasetFromArray(data, null, options as never)).toThrow(message);
    expect(() => timeseriesDatasetFromArray(data, null, options as never)).toThrow(ConfigError);
  });

  it("refuses data without rows, and targets that end before the first row that is used", () => {
    const options = { sequenceLength: 2, startIndex: 6 };
    expect(() => timeseriesDatasetFromArray([], null, options)).toThrow(DataError);
    expect(() => timeseriesDatasetFromArray(data, data.subarray(0, 6), options)).toThrow(
      "targets has 6 rows, none of them from startIndex 6 on",
    );
  });
});
