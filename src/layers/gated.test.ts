import { describe, expect, it } from "vitest";
import { runEquations } from "../../tests/conformance/run-equations.js";
import { randomNested, traceLayer } from "../../tests/conformance/trace-layer.js";
import { isOp, randomOp, topologicalOrder } from "../equations/index.js";
import { Random } from "../tensor/random.js";
import { gru, type Layer, lstm } from "./index.js";

const noises = (layer: Layer) => {
  const { outputs } = traceLayer(layer, { x: randomNested([3, 5, 2], 1), training: true });
  return topologicalOrder(outputs)
    .filter((node) => isOp(node, randomOp))
    .map(({ shape }) => shape.join("×"))
    .sort();
};

describe("dropout of gated layers", () => {
  it.each([
    ["LSTM", lstm, 4],
    ["GRU", gru, 3],
    ["GRU, reset before", (units: number, options: object) => gru(units, { ...options, resetAfter: false }), 3],
  ] as const)("%s: has one noise for all gates, or one for each gate if the state is dropped too", (_, make, gates) => {
    expect(noises(make(4, { dropout: 0.5 }))).toEqual(["3×2"]);
    expect(noises(make(4, { recurrentDropout: 0.5 }))).toEqual(new Array(gates).fill("3×4"));
    const both = [...new Array(gates).fill("3×2"), ...new Array(gates).fill("3×4")];
    expect(noises(make(4, { dropout: 0.5, recurrentDropout: 0.5 }))).toEqual(both);
  });

  it("of the state does not change the part of the state that a GRU keeps", async () => {
    const keep = gru(2, {
      recurrentDropout: 1,
      recurrentActivation: "linear",
      initialState: [0.25, -0.5],
      resetAfter: false,
    });
    // z = 1 by its bias: h(t) = h(t−1).
    const weights = [[[0, 0, 0, 0, 0, 0]], [randomNested([6], 1), randomNested([6], 2)], [1, 1, 0, 0, 0, 0]];
    const { inputs, values, outputs } = traceLayer(keep, { x: [[[3], [4]]], weights, training: true });
    const { y } = await runEquations({ name: "gru", inputs, outputs: { y: outputs[0]! } }, values);
    expect(y).toEqual([0.25, -0.5]);
  });
});

describe("lstm", () => {
  const biasOf = (layer: Layer) => layer.parameters([null, 5, 2])[2]!.initializer.values([8], new Random(3));

  it("starts with an open forget gate for every biasInitializer", () => {
    expect([...biasOf(lstm(2))]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    const ones = lstm(2, { biasInitializer: { type: "Constant", value: 0.5 } });
    expect([...biasOf(ones)]).toEqual([0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 0.5]);
    expect([...biasOf(lstm(2, { unitForgetBias: false }))]).toEqual(new Array(8).fill(0));
  });

  it("keeps in its config the initializer it was given", () => {
    expect(lstm(2, { biasInitializer: "ones" }).config.biasInitializer).toEqual({ type: "Ones" });
  });
});
