import { describe, expect, it } from "vitest";
import { randomValues } from "../../tests/conformance/run-equations.js";
import { ConfigError, ShapeError } from "../errors.js";
import { tensor } from "../tensor/tensor.js";
import { ctcDecode } from "./index.js";

const [B, T, C] = [3, 4, 3];
const values = randomValues(B * T * C, 9, -2, 2);
const logits = tensor(Float64Array.from(values), [B, T, C]);

/** ln of the probability of every reading of a sequence, by all its alignments. */
function enumerate(row: number, steps: number): Map<string, number> {
  const logs = Array.from({ length: steps }, (_, t) => {
    const z = values.slice((row * T + t) * C, (row * T + t + 1) * C);
    const total = Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0));
    return z.map((value) => value - total);
  });
  let alignments: { path: number[]; log: number }[] = [{ path: [], log: 0 }];
  for (const step of logs) {
    alignments = alignments.flatMap(({ path, log }) =>
      step.map((p, label) => ({ path: [...path, label], log: log + p })),
    );
  }
  const readings = new Map<string, number>();
  for (const { path, log } of alignments) {
    const labels = path.filter((label, t) => label !== 0 && label !== path[t - 1]).join();
    readings.set(labels, Math.log(Math.exp(readings.get(labels) ?? -Infinity) + Math.exp(log)));
  }
  return readings;
}

describe("ctcDecode", () => {
  it("by a wide beam finds the decodings that enumerating every alignment finds", () => {
    const lengths = [4, 3, 4];
    const found = ctcDecode(logits, { strategy: "beamSearch", topPaths: 5, lengths });
    found.forEach((readings, row) => {
      const expected = [...enumerate(row, lengths[row]!)].sort(([, a], [, b]) => b - a).slice(0, 5);
      expect(readings.map(({ labels }) => labels.join())).toEqual(expected.map(([labels]) => labels));
      readings.forEach(({ logProbability }, k) => {
        expect(logProbability).toBeCloseTo(expected[k]![1], 10);
      });
    });
  });

  it("greedily collapses repeated classes and drops blanks", () => {
    const best = [0, 2, 2, 0, 2, 1];
    const scores = best.map((label) => [0, 1, 2].map((i) => (i === label ? 3 : 0)));
    const [[reading], ...others] = ctcDecode([scores]) as [[{ labels: number[]; logProbability: number }]];
    expect(others).toEqual([]);
    expect(reading.labels).toEqual([2, 2, 1]);
    expect(reading.logProbability).toBeCloseTo(-6 * Math.log1p(2 * Math.exp(-3)), 12);
    expect(ctcDecode([scores], { lengths: [3] })[0]![0]!.labels).toEqual([2]);
    expect(ctcDecode([scores], { blank: 2 })[0]![0]!.labels).toEqual([0, 0, 1]);
  });

  it("refuses invalid arguments", () => {
    expect(() => ctcDecode([[1, 2]])).toThrow(ShapeError);
    expect(() => ctcDecode(logits, { blank: 3 })).toThrow("blank must be one of 3 classes, received 3");
    expect(() => ctcDecode(logits, { lengths: [4, 5, 1] })).toThrow(ConfigError);
    expect(() => ctcDecode(logits, { topPaths: 3, beamWidth: 2 })).toThrow(
      "topPaths must lie in 1 … beamWidth (2), received 3",
    );
    expect(() => ctcDecode(logits, { strategy: "best" as "greedy" })).toThrow('received "best"');
  });
});
