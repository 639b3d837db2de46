/** A layer of one's own is trained, saved under its type and loaded when it is given, also inside another layer. */
import { describe, expect, it } from "vitest";
import { add, mul } from "../../src/equations/index.js";
import { modelFromBytes, modelToBytes } from "../../src/formats/index.js";
import { defineLayer, dense, initializers, type LayerOptions, sequential, timeDistributed } from "../../src/index.js";
import { randomNested } from "./trace-layer.js";

interface ShiftOptions extends LayerOptions {
  readonly factor?: number;
}

const shift = ({ factor = 1, ...options }: ShiftOptions = {}) =>
  defineLayer("Shift", options, {
    config: { factor },
    masking: "passes",
    parameters: (shape) => [{ name: "shift", shape: [shape.at(-1)!], initializer: initializers.zeros() }],
    outputShapes: (shape) => [shape],
    call: ([signal], { parameter }) => [{ ...signal, node: add(mul(factor, signal.node), parameter("shift")) }],
  });

const x = randomNested([4, 5, 3], 1);
const y = randomNested([4, 5, 2], 2);

async function trained() {
  const layers = [shift({ factor: 3, inputShape: [null, 3] }), timeDistributed(shift({ factor: 2 })), dense(2)];
  const model = sequential(layers, { seed: 1 }).compile({ loss: "mse", optimizer: "adam" });
  await model.fit(x, y, { epochs: 2, verbose: 0 });
  return model;
}

describe("a layer of one's own", () => {
  it("is trained, saved and loaded when it is given", async () => {
    const model = await trained();
    expect([...model.getWeights()[0]!.data].every((value) => value !== 0)).toBe(true);
    const bytes = await modelToBytes(model);
    const { model: loaded } = await modelFromBytes(bytes, "shifted.tavali", { layers: { Shift: shift } });
    expect(loaded.toConfig()).toEqual(model.toConfig());
    expect(await loaded.predict(x)).toEqual(await model.predict(x));
    expect(await modelToBytes(loaded)).toEqual(bytes);
  });

  it("is asked for when it is not given", async () => {
    const bytes = await modelToBytes(await trained());
    await expect(modelFromBytes(bytes, "shifted.tavali")).rejects.toThrow(
      'give a custom one itself, or when you load the model: loadModel(path, { layers: { "Shift": … } }).',
    );
  });

  it("may not have the type of a built-in one", async () => {
    const bytes = await modelToBytes(await trained());
    await expect(modelFromBytes(bytes, "m.tavali", { layers: { Shift: shift, Dense: shift } })).rejects.toThrow(
      '"Dense" is the name of a built-in layer type',
    );
  });
});
