/**
 * Every layer in the list goes through a model file and comes back: the same architecture, the same weights, the same predictions to the
 * last bit, and, saved once more, the same bytes.
 */
import { describe, expect, it } from "vitest";
import { modelFromBytes, modelToBytes } from "../../src/formats/index.js";
import { input } from "../../src/layers/index.js";
import { model } from "../../src/models/index.js";
import { sizeOf } from "../../src/tensor/shape.js";
import { type Tensor, tensor } from "../../src/tensor/tensor.js";
import { randomValues } from "./run-equations.js";
import { ownInputs, type SampleInput, type SampleLayer, sampleLayers, shapeOf, sizes } from "./sample-layers.js";

/** Of an input, without the batch axis; other sequences have another length. */
const fixedShape = (kind: SampleInput) => shapeOf(kind).map((axis) => axis ?? (kind === "other" ? 4 : 5));

function valuesOf(kind: SampleInput, seed: number): Tensor {
  const shape = [3, ...fixedShape(kind)];
  const numbers = randomValues(sizeOf(shape), seed);
  return tensor(kind === "ids" ? numbers.map((number) => Math.floor(((number + 1) / 2) * sizes.ids)) : numbers, shape);
}

/** A model of the layer alone, with weights that no initializer makes. */
function modelOf(sample: SampleLayer) {
  const { own, indices } = ownInputs(sample);
  const inputs = own.map((kind, i) => input({ shape: fixedShape(kind), name: `input ${i}` }));
  const outputs = [...sample.layer.apply(indices.map((i) => inputs[i]!))];
  const made = model({ inputs, outputs }, { seed: 1 });
  const weights = made.getWeights();
  made.setWeights(weights.map(({ shape }, i) => tensor(randomValues(sizeOf(shape), i + 2), shape)));
  return { made, values: own.map((kind, i) => valuesOf(kind, i + 1)) };
}

describe("a layer in a file", () => {
  it.each(sampleLayers)("is the same afterwards: %s", async (_, sample) => {
    const { made, values } = modelOf(sample);
    const before = await made.predict(values);
    const bytes = await modelToBytes(made);
    const { model: loaded } = await modelFromBytes(bytes, "layer.tavali");
    expect(loaded.toConfig()).toEqual(made.toConfig());
    expect(loaded.getWeights()).toEqual(made.getWeights());
    expect(await loaded.predict(values)).toEqual(before);
    expect(await modelToBytes(loaded)).toEqual(bytes);
  });
});
