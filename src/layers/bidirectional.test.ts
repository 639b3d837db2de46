import { describe, expect, it } from "vitest";
import { expectClose, runEquations } from "../../tests/conformance/run-equations.js";
import { type LayerInput, randomNested, traceLayer } from "../../tests/conformance/trace-layer.js";
import { ConfigError, ShapeError } from "../errors.js";
import { bidirectional, dense, gru, type Layer, layerFromConfig, lstm, simpleRNN } from "./index.js";

const x = randomNested([3, 5, 2], 1);
const mask = [
  [1, 1, 1, 0, 0],
  [0, 1, 0, 1, 1],
  [1, 1, 1, 1, 1],
];

async function run(layer: Layer, given: Partial<LayerInput> = {}): Promise<number[][]> {
  const { inputs, values, outputs } = traceLayer(layer, { x, mask, ...given });
  const ports = Object.fromEntries(outputs.map((node, i) => [`y${i}`, node]));
  const results = await runEquations({ name: "both ways", inputs, outputs: ports }, values);
  return outputs.map((_, i) => results[`y${i}`]!);
}

describe("bidirectional", () => {
  it("has the weights of the layer twice, forward ones first", () => {
    const specs = bidirectional(lstm(4)).parameters([null, null, 2]);
    expect(specs.map(({ name, shape }) => [name, ...shape])).toEqual([
      ["forward_kernel", 2, 16],
      ["forward_recurrent_kernel", 4, 16],
      ["forward_bias", 16],
      ["backward_kernel", 2, 16],
      ["backward_recurrent_kernel", 4, 16],
      ["backward_bias", 16],
    ]);
  });

  it("merges the outputs of a forward and a backward layer", async () => {
    const options = { returnSequences: true, zeroOutputForMask: true } as const;
    const weights = [randomNested([2, 9], 2), randomNested([3, 9], 3), randomNested([2, 9], 4)];
    const [forward] = await run(gru(3, options), { weights });
    const [turned] = await run(gru(3, { ...options, goBackwards: true }), { weights });
    const backward = forward!.map(
      (_, i) => turned![(Math.floor(i / 15) * 5 + 4 - (Math.floor(i / 3) % 5)) * 3 + (i % 3)]!,
    );
    const both = { weights: [...weights, ...weights] };
    const merged = (mergeMode: "sum" | "mul" | "ave" | null) =>
      run(bidirectional(gru(3, { returnSequences: true }), { mergeMode }), both);
    expectClose(
      (await merged("sum"))[0]!,
      forward!.map((a, i) => a + backward[i]!),
      1e-14,
    );
    expectClose(
      (await merged("mul"))[0]!,
      forward!.map((a, i) => a * backward[i]!),
      1e-14,
    );
    expectClose(
      (await merged("ave"))[0]!,
      forward!.map((a, i) => (a + backward[i]!) / 2),
      1e-14,
    );
    expect(await merged(null)).toEqual([forward, backward]);
  });

  it("gives the first half of the initial states to the forward layer", async () => {
    const states = [1, 2, 3, 4].map((seed) => randomNested([3, 4], seed));
    const layer = (mergeMode: null) => bidirectional(lstm(4, { returnState: true }), { mergeMode });
    const all = await run(layer(null), { states });
    const swapped = await run(layer(null), { states: [states[0]!, states[1]!, states[3]!, states[2]!] });
    expect(all).toHaveLength(6);
    expect([swapped[0], swapped[2], swapped[3]]).toEqual([all[0], all[2], all[3]]);
    expect(swapped[1]).not.toEqual(all[1]);
  });

  it("takes another layer for the backward direction", async () => {
    const layer = bidirectional(lstm(4), { backwardLayer: gru(3, { goBackwards: true }) });
    expect(layer.outputShapes([null, 5, 2])).toEqual([[null, 7]]);
    const again = layerFromConfig(JSON.parse(JSON.stringify(layer.config)));
    expect(again.config).toEqual(layer.config);
    expect(await run(again)).toEqual(await run(layer));
  });

  it("takes inputShape and trainable from the layer inside", () => {
    const layer = bidirectional(simpleRNN(4, { inputShape: [null, 2], trainable: false }));
    expect([layer.inputShape, layer.trainable]).toEqual([[null, 2], false]);
  });

  it("learns an initial state for each direction", () => {
    const names = bidirectional(simpleRNN(4, { initialState: "learned" })).parameters([null, 5, 2]);
    expect(names.map(({ name }) => name)).toContain("forward_initial_h");
    expect(names.map(({ name }) => name)).toContain("backward_initial_h");
  });

  it.each([
    [() => bidirectional(dense(4)), "Bidirectional: layer must be a recurrent layer, received Dense."],
    [
      () => bidirectional(lstm(4), { mergeMode: "max" as "sum" }),
      'Bidirectional: unknown mergeMode "max". Known are "concat", "sum", "mul", "ave" and null.',
    ],
    [
      () => bidirectional(lstm(4), { backwardLayer: dense(4) }),
      "Bidirectional: backwardLayer must be a recurrent layer, received Dense.",
    ],
    [
      () => bidirectional(lstm(4, { name: "reader" }), { backwardLayer: lstm(4) }),
      'Bidirectional: the backwardLayer must have goBackwards: true to match LSTM "reader", received false.',
    ],
    [
      () => bidirectional(lstm(4, { returnSequences: true }), { backwardLayer: lstm(4, { goBackwards: true }) }),
      "the backwardLayer must have returnSequences: true to match LSTM, received false.",
    ],
    [
      () =>
        bidirectional(lstm(4), { mergeMode: "ave", backwardLayer: lstm(3, { goBackwards: true }) }).outputShapes([
          null,
          5,
          2,
        ]),
      'Bidirectional: mergeMode "ave" needs outputs of one shape, received [null, 4] forward and [null, 3] backward.',
    ],
    [
      () => bidirectional(lstm(4)).parameters([null, 5, 2], [null, 4]),
      "Bidirectional has the states forward_h, forward_c, backward_h, backward_c; expected one initial state for each, received 1.",
    ],
  ])("names options that do not fit (%#)", (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });

  it("names the expected input shape", () => {
    const make = () => bidirectional(lstm(4)).parameters([null, 4]);
    expect(make).toThrow(ShapeError);
    expect(make).toThrow("Bidirectional expects [batch, time, features], received [null, 4].");
  });
});
