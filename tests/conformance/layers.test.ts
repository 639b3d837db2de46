/**
 * The contract of layers: every layer in the lists has the shapes it announces, the gradient that finite differences measure, the same
 * numbers on every engine and in either layout, and comes back from its config as it was.
 */
import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { isRecurrent, type Layer, layerFromConfig, layerTypes, withName } from "../../src/layers/index.js";
import { Random } from "../../src/tensor/random.js";
import { type PartialShape, type Shape, sizeOf } from "../../src/tensor/shape.js";
import { toTensor } from "../../src/tensor/tensor.js";
import { otherEntries } from "./layer-cases.js";
import { peculiarCell, recurrentEntries } from "./recurrent-layer-cases.js";
import { checkGradient, expectClose, runEquations } from "./run-equations.js";
import { type LayerInput, lossEquations, partial, randomNested, traceLayer } from "./trace-layer.js";

const entries = [...recurrentEntries, ...otherEntries];

/** The layer's loss and gradients; noise and weights are the same for equal layers. */
function equationsOf(layer: Layer, given: LayerInput) {
  const traced = traceLayer(layer, given);
  const coefficients = traced.outputs.map(({ shape }, i) => randomNested(shape, 20 + i));
  const wrt = Object.keys(traced.inputs).filter((name) => traced.inputs[name]!.dtype === "float");
  return { traced, ...lossEquations(traced, coefficients, wrt) };
}

/** Masking is a step: where padding begins, finite differences leave it. */
const smooth = entries.filter(([, layer]) => layer.type !== "Masking");
/** Noise is drawn by position, so another layout has other noise. */
const sequences = entries.filter(
  ([, , { x, dtype, training }]) => !training && toTensor(x).shape.length >= (dtype === "int" ? 2 : 3),
);

describe.each(smooth)("%s", (_, layer, given) => {
  it("has the gradient that finite differences measure", async () => {
    const { traced, loss } = equationsOf(layer, given);
    await checkGradient(traced.inputs, loss, traced.values);
  });
});

describe.each(sequences)("%s", (_, layer, given) => {
  it("gives the same numbers when its input is laid out time-major", async () => {
    const [batch, time] = [equationsOf(layer, given), equationsOf(layer, { ...given, timeMajor: true })];
    const expected = await runEquations({ ...batch }, batch.traced.values);
    const actual = await runEquations({ ...time }, time.traced.values);
    for (const port of Object.keys(batch.outputs)) expectClose(actual[port]!, expected[port]!, 1e-13, port);
  });
});

describe.each(entries)("%s", (_, layer, given) => {
  it("has the shapes it announces, and parameters that can be drawn", () => {
    const { traced } = equationsOf(layer, given);
    const shapes = Object.keys(traced.inputs).flatMap((name) =>
      /^x\d*$/.test(name) ? [traced.inputs[name]!.shape] : [],
    );
    expect(layer.outputShapes(...(shapes as [Shape]))).toEqual(traced.outputs.map((output) => output.shape));
    const partials = shapes.map(partial) as [PartialShape];
    expect(layer.outputShapes(...partials).every(([batch]) => batch === null)).toBe(true);
    for (const { shape, initializer } of layer.parameters(...partials)) {
      expect(initializer.values(shape, new Random(1))).toHaveLength(sizeOf(shape));
    }
  });

  it("does with its mask what it announces", () => {
    const { traced } = equationsOf(layer, given);
    const wanted = { passes: given.mask != null, consumes: false, makes: true, refuses: false }[layer.masking];
    if (isRecurrent(layer)) expect(layer.masking === "consumes").toBe(!layer.config.returnSequences);
    expect(traced.outputMask !== undefined).toBe(wanted);
  });

  it("gives the same numbers in float32", async () => {
    const { traced, ...equations } = equationsOf(layer, given);
    const expected = await runEquations(equations, traced.values, { engine: referenceEngine });
    const actual = await runEquations(equations, traced.values, { engine: wasmEngine });
    for (const port of Object.keys(equations.outputs)) expectClose(actual[port]!, expected[port]!, 1e-5, port);
  });

  it("comes back from its config", async () => {
    const named = withName(layer, "mine");
    const written = JSON.parse(JSON.stringify(named.config));
    const again = layerFromConfig(written, { cells: { peculiar: peculiarCell } });
    expect(again.name).toBe("mine");
    expect(again.config).toEqual(named.config);
    expect(again.masking).toBe(layer.masking);
    const [before, after] = [equationsOf(layer, given), equationsOf(again, given)];
    const expected = await runEquations({ ...before }, before.traced.values);
    expect(await runEquations({ ...after }, after.traced.values)).toEqual(expected);
  });
});

describe("the lists", () => {
  it("holds every type of layer", () => {
    expect([...new Set(entries.map(([, layer]) => layer.type))].sort()).toEqual([...layerTypes].sort());
  });
});
