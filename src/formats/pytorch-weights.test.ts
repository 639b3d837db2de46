import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../errors.js";
import { fromPyTorch, toPyTorch } from "./index.js";

/** One unit, two features: every number says where it came from. */
const gru = {
  weight_ih_l0: [
    [10, 11],
    [20, 21],
    [30, 31],
  ],
  weight_hh_l0: [[12], [22], [32]],
  bias_ih_l0: [13, 23, 33],
  bias_hh_l0: [14, 24, 34],
};

describe("fromPyTorch", () => {
  it.each([[null], [undefined], [[1, 2]], ["weight_ih_l0"], [3]])(
    "refuses %j instead of tensors by name",
    (tensors) => {
      expect(() => fromPyTorch("GRU", tensors as unknown as typeof gru)).toThrow(ConfigError);
      expect(() => fromPyTorch("GRU", tensors as unknown as typeof gru)).toThrow("expected a state_dict");
    },
  );

  it("transposes matrices and brings a GRU's gates r, z, n into the order z, r, n", () => {
    const [kernel, recurrentKernel, bias] = fromPyTorch("GRU", gru);
    expect([[...kernel!.data], kernel!.shape]).toEqual([
      [20, 10, 30, 21, 11, 31],
      [2, 3],
    ]);
    expect([...recurrentKernel!.data]).toEqual([22, 12, 32]);
    expect([[...bias!.data], bias!.shape]).toEqual([
      [23, 13, 33, 24, 14, 34],
      [2, 3],
    ]);
  });

  it("adds the two biases of an RNN, and finds a module behind its prefix, beside others", () => {
    const tensors = {
      "encoder.weight_ih_l0": [[1, 2]],
      "encoder.weight_hh_l0": [[3]],
      "encoder.bias_ih_l0": [4],
      "encoder.bias_hh_l0": [5],
      "head.weight": [[6]],
    };
    const weights = fromPyTorch("RNN", tensors, { prefix: "encoder." });
    expect(weights.map(({ data }) => [...data])).toEqual([[1, 2], [3], [9]]);
  });

  it("keeps float32 as float32", () => {
    const tensors = {
      weight_ih_l0: { data: Float32Array.of(1), shape: [1, 1] },
      weight_hh_l0: { data: Float32Array.of(2), shape: [1, 1] },
    };
    expect(fromPyTorch("RNN", tensors)[0]!.data).toBeInstanceOf(Float32Array);
  });

  it.each([
    [
      "nothing of the kind",
      () => fromPyTorch("GRU", { "fc.weight": [[1]] }),
      ConfigError,
      'no "weight_ih_l0" in fc.weight',
    ],
    ["another module", () => fromPyTorch("LSTM", gru), ShapeError, '"weight_ih_l0" must be [4, 2], received [3, 2]'],
    [
      "half a module",
      () => fromPyTorch("GRU", { ...gru, weight_hh_l0: [] }),
      ConfigError,
      '"weight_hh_l0" [3 × units, units]',
    ],
    [
      "one bias",
      () => fromPyTorch("GRU", { ...gru, bias_hh_l0: [1] }),
      ShapeError,
      '"bias_hh_l0" must be [3], received [1]',
    ],
    ["projections", () => fromPyTorch("LSTM", { ...gru, weight_hr_l0: [[1]] }), ConfigError, "proj_size"],
    ["an unknown module", () => fromPyTorch("CNN" as "RNN", gru), ConfigError, "Known are RNN, LSTM, GRU"],
  ])("refuses %s, saying what it found", (_, load, type, message) => {
    expect(load).toThrow(type);
    expect(load).toThrow(message);
  });
});

describe("toPyTorch", () => {
  it("is the way back, under a prefix if wanted", () => {
    const back = toPyTorch("GRU", fromPyTorch("GRU", gru), { prefix: "encoder." });
    const expected = Object.entries(gru).map(([name, value]) => [`encoder.${name}`, value.flat()]);
    expect(Object.entries(back).map(([name, { data }]) => [name, [...data]])).toEqual(expected);
  });

  it("refuses parts of layers, and the bias of a GRU that resets before", () => {
    const [kernel, recurrentKernel] = fromPyTorch("GRU", gru);
    expect(() => toPyTorch("GRU", [kernel!, recurrentKernel!])).toThrow("2 weights are not those of whole layers");
    expect(() => toPyTorch("GRU", [kernel!, recurrentKernel!, [1, 2, 3]])).toThrow(
      "bias of bias_ih_l0 must be [2, 3], received [3]",
    );
  });
});
