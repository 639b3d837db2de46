/** Comparisons are made in float32 on every engine: a constant meets itself among data that came as float32, and both engines take one side. */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import * as ops from "../../src/equations/index.js";
import { input } from "../../src/equations/index.js";
import { inspect } from "../../src/inspection/index.js";
import { dense, gru, masking } from "../../src/layers/index.js";
import { binaryAccuracy, precision, recall } from "../../src/metrics/index.js";
import { sequential } from "../../src/models/index.js";
import { runEquations } from "./run-equations.js";

const engines = [
  ["reference", referenceEngine],
  ["wasm", wasmEngine],
] as const;
/** None of them is a float32 but the last ones. */
const constants = [0.1, -9.99, 1 / 3, 1e-7, 123456.789, 16777217, 1e-40, 0.5, -1];

describe("a constant compared with float32 data", () => {
  it.each(engines)("meets itself on the %s engine", async (_, engine) => {
    const x = input("x", [3]);
    for (const value of constants) {
      const single = Math.fround(value);
      // The float32 number itself, and its neighbours to both sides.
      const step = Math.max(Math.abs(single) * 2 ** -23, 2 ** -149);
      const data = Float32Array.of(single - step, single, single + step);
      const outputs = {
        equal: ops.equal(x, value),
        notEqual: ops.notEqual(value, x),
        greater: ops.greater(x, value),
        greaterEqual: ops.greaterEqual(x, value),
        less: ops.less(x, value),
        lessEqual: ops.lessEqual(x, value),
      };
      expect(
        await runEquations({ name: "compare", inputs: { x }, outputs }, { x: data }, { engine }),
        `${value}`,
      ).toEqual({
        equal: [0, 1, 0],
        notEqual: [1, 0, 1],
        greater: [0, 0, 1],
        greaterEqual: [0, 1, 1],
        less: [1, 0, 0],
        lessEqual: [1, 1, 0],
      });
      // The same numbers as float64 data, as nested arrays come.
      const exact = await runEquations(
        { name: "compare", inputs: { x }, outputs },
        { x: [value, value, value] },
        { engine },
      );
      expect([exact.equal, exact.greater, exact.less]).toEqual([
        [1, 1, 1],
        [0, 0, 0],
        [0, 0, 0],
      ]);
    }
  });

  it("lets derivatives at the bounds of clip and at thresholds agree", async () => {
    const x = input("x", [2]);
    const [d] = ops.differentiate(ops.sum(ops.clip(x, -0.1, 0.3)), [x]);
    for (const [, engine] of engines) {
      const data = Float32Array.of(-0.1, 0.3);
      const result = await runEquations({ name: "clip", inputs: { x }, outputs: { d: d! } }, { x: data }, { engine });
      expect(result.d).toEqual([1, 1]);
    }
  });
});

describe("masking", () => {
  const evaluateOn = async (engine: Engine, maskValue: number, single: boolean) => {
    const net = sequential([masking({ maskValue, inputShape: [null, 2] }), gru(3), dense(1)], { seed: 1, engine });
    net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const rows = [0.5, -0.4, maskValue, maskValue, maskValue, maskValue];
    const x = { data: single ? Float32Array.from(rows) : Float64Array.from(rows), shape: [1, 3, 2] };
    const alone = { data: x.data.slice(0, 2), shape: [1, 1, 2] };
    return [
      (await net.evaluate(x, [[1]])).loss!,
      (await net.evaluate(alone, [[1]])).loss!,
      (await inspect(net, x, [[1]])).loss,
    ];
  };

  it.each([-9.99, 0.1, -1, 0])(
    "by %d leaves the same steps out on both engines, of float32 and float64 data",
    async (value) => {
      for (const single of [true, false]) {
        const [specified, fast] = [
          await evaluateOn(referenceEngine, value, single),
          await evaluateOn(wasmEngine, value, single),
        ];
        const [padded, alone, inspected] = specified;
        expect(padded).toBeCloseTo(alone!, 12);
        expect(inspected).toBeCloseTo(alone!, 6);
        expect(fast[0]).toBeCloseTo(fast[1]!, 6);
        expect(fast[0]).toBeCloseTo(padded!, 5);
        expect(fast[2]).toBeCloseTo(padded!, 5);
      }
    },
  );
});

describe("thresholds of metrics", () => {
  it("count a prediction at the threshold alike on both engines", async () => {
    for (const threshold of [0.1, 0.3, 0.7]) {
      const counts: unknown[] = [];
      for (const [, engine] of engines) {
        const net = sequential([dense(1, { useBias: false, inputShape: [1] })], { seed: 1, engine });
        net.setWeights([[[1]]]);
        net.compile({
          optimizer: "sgd",
          loss: "meanSquaredError",
          metrics: [binaryAccuracy({ threshold }), precision({ threshold }), recall({ threshold })],
        });
        const x = { data: Float32Array.of(threshold, threshold, 0.9), shape: [3, 1] };
        const { loss: _, ...values } = await net.evaluate(x, [[0], [1], [1]]);
        counts.push(values);
      }
      expect(counts[0]).toEqual(counts[1]);
    }
  });
});
