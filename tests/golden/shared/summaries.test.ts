/** shared/keras-golden/summaries_80_columns.json: what a summary prints, letter by letter. */
import { expect } from "vitest";
import {
  bidirectional,
  dense,
  dropout,
  embedding,
  type Layer,
  layerFromConfig,
  lstm,
  simpleRNN,
  timeDistributed,
} from "../../../src/layers/index.js";
import { type Sequential, sequential } from "../../../src/models/index.js";
import { holdCases, sharedFile } from "./keras-golden.js";

/** Three steps of two features. */
const inputShape = [3, 2];
const lecture = () => [embedding(10000, 32), simpleRNN(32), dense(1, { activation: "sigmoid" })];

/** By the names of the file, which says nothing else of them: built, and trained for a step where Keras's was. */
const models: Readonly<Record<string, () => Sequential | Promise<Sequential>>> = {
  A: () => sequential([simpleRNN(4, { inputShape })]),
  B: () => sequential([simpleRNN(4, { inputShape }), dense(1)]),
  C: () => sequential([simpleRNN(4, { inputShape, returnSequences: true }), timeDistributed(dense(4))]),
  D: () => sequential([simpleRNN(4, { inputShape, returnSequences: true }), simpleRNN(4)]),
  "E unbuilt": () => sequential(lecture()),
  "F built (None,None)": () => built(lecture()),
  "G after optimizer built": async () => {
    const model = built(lecture());
    model.compile({ optimizer: "rmsprop", loss: "binaryCrossentropy" });
    await model.trainOnBatch([[1, 2, 3]], [[1]]);
    return model;
  },
  "H frozen": () => sequential([simpleRNN(4, { inputShape, trainable: false })]),
  "I return_state": () =>
    sequential([
      embedding(20, 4, { inputShape: [5] }),
      bidirectional(lstm(3)),
      dropout(0.5),
      layerFromConfig({ type: "BatchNormalization" }),
    ]),
};

function built(layers: Layer[]): Sequential {
  const model = sequential(layers);
  model.build([null, null]);
  return model;
}

holdCases(
  "summaries_80_columns.json",
  Object.entries(sharedFile<Record<string, string>>("summaries_80_columns.json") ?? {}),
  ([name]) => name,
  async ([name, text]) => {
    const model = await models[name]!();
    expect(model.summary({ print: false })).toBe(text);
  },
  {
    "I return_state": {
      because: "there is no batch normalization, see basic-layers.test.ts",
      fails: /Unknown layer type "BatchNormalization"/,
    },
  },
);
