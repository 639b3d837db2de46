/** shared/keras-golden/basic_layers.json: layers without a recurrence. */
import { greater, mul, type Node, where } from "../../../src/equations/index.js";
import {
  activation,
  dense,
  flatten,
  globalAveragePooling1D,
  globalMaxPooling1D,
  type Layer,
  layerFromConfig,
  layerNormalization,
  repeatVector,
  timeDistributed,
} from "../../../src/layers/index.js";
import type { NestedArray } from "../../../src/tensor/tensor.js";
import { expectClose } from "../../conformance/run-equations.js";
import { flat } from "../golden.js";
import { evaluate } from "../layer-golden.js";
import { holdCases, sharedCases } from "./keras-golden.js";

interface LayerCase {
  readonly layer: string;
  readonly weights?: readonly { name: string; value: NestedArray }[];
  readonly x: NestedArray;
  readonly mask?: NestedArray;
  readonly output: NestedArray;
}

/** Keras's layer of this name has the slope 0.3. */
const leaky = (x: Node) => where(greater(x, 0), x, mul(0.3, x));

const makers: Readonly<Record<string, () => Layer>> = {
  "Dense(3,relu) on 3D": () => dense(3, { activation: "relu" }),
  "TimeDistributed(Dense(4,softmax))": () => timeDistributed(dense(4, { activation: "softmax" })),
  "LayerNormalization()": () => layerNormalization(),
  "BatchNormalization() inference": () => layerFromConfig({ type: "BatchNormalization" }),
  "BatchNormalization() training, fresh weights": () => layerFromConfig({ type: "BatchNormalization" }),
  GlobalAveragePooling1D: () => globalAveragePooling1D(),
  "GlobalAveragePooling1D masked": () => globalAveragePooling1D(),
  GlobalMaxPooling1D: () => globalMaxPooling1D(),
  Flatten: () => flatten(),
  "RepeatVector(3)": () => repeatVector(3),
  Softmax: () => activation("softmax"),
  LeakyReLU: () => activation(leaky),
};

const noBatchNormalization = {
  because:
    "there is no batch normalization: it makes an example's result depend on the others of its batch and on their padding; " +
    "recurrent networks have layerNormalization",
  fails: /Unknown layer type "BatchNormalization"/,
};

holdCases(
  "basic_layers.json",
  sharedCases<LayerCase>("basic_layers.json"),
  ({ layer }) => layer,
  async ({ layer, weights = [], x, mask = null, output }, [, engine, tolerance]) => {
    const given = { x, mask, weights: weights.map(({ value }) => value) };
    const { results } = await evaluate(makers[layer]!(), given, [output], () => [], engine);
    expectClose(results.output0!, flat(output), tolerance);
  },
  {
    "BatchNormalization() inference": noBatchNormalization,
    "BatchNormalization() training, fresh weights": noBatchNormalization,
  },
);
