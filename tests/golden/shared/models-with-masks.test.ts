/**
 * shared/keras-golden/models_with_masks.json: what padding does to whole models. `output` is that of the releases 3.0 to 3.15, in which
 * recurrent layers pass their mask on, as ours do.
 */
import { expect } from "vitest";
import {
  bidirectional,
  dense,
  embedding,
  globalAveragePooling1D,
  globalMaxPooling1D,
  gru,
  type Layer,
  lstm,
  masking,
  simpleRNN,
  timeDistributed,
} from "../../../src/layers/index.js";
import { sequential } from "../../../src/models/index.js";
import { type NestedArray, toTensor } from "../../../src/tensor/tensor.js";
import { expectClose } from "../../conformance/run-equations.js";
import { type engines, flat } from "../golden.js";
import { evaluate } from "../layer-golden.js";
import { holdCases, sharedCases } from "./keras-golden.js";

interface ModelCase {
  readonly model: string;
  readonly mask_zero: boolean;
  readonly ids: number[][];
  readonly weights: NestedArray[];
  readonly output: NestedArray;
}

interface MaskingCase {
  readonly model: "Masking(0)";
  readonly x: NestedArray;
  readonly output: NestedArray;
  readonly mask: NestedArray;
}

/** The layers after the embedding. @param size of weight i along its first axis */
const makers: Readonly<Record<string, (size: (i: number) => number, outputs: number) => Layer[]>> = {
  "emb+simple": (size, n) => [simpleRNN(size(2)), dense(n, { activation: "sigmoid" })],
  "emb+lstm+lstm": (size, n) => [
    lstm(size(2), { returnSequences: true }),
    lstm(size(5)),
    dense(n, { activation: "sigmoid" }),
  ],
  "emb+bigru+td": (size, n) => [
    bidirectional(gru(size(2), { returnSequences: true })),
    timeDistributed(dense(n, { activation: "softmax" })),
  ],
  "emb+gap": (_, n) => [globalAveragePooling1D(), dense(n)],
  "emb+gmp": (_, n) => [globalMaxPooling1D(), dense(n)],
};

type EngineRow = (typeof engines)[number];

async function checkModel(
  { model: name, ids, weights, output, ...golden }: ModelCase,
  [, engine, tolerance]: EngineRow,
) {
  const shapes = weights.map((weight) => toTensor(weight).shape);
  const [inputDim, outputDim] = shapes[0] as [number, number];
  const rest = makers[name]!((i) => shapes[i]![0]!, shapes.at(-1)![0]!);
  const model = sequential([embedding(inputDim, outputDim, { maskZero: golden.mask_zero }), ...rest], { engine });
  model.build([null, ids[0]!.length]);
  model.setWeights(weights);
  expectClose((await model.predict(ids)).data, flat(output), tolerance);
}

async function checkMasking({ x, output, mask }: MaskingCase, [, engine, tolerance]: EngineRow) {
  const { results } = await evaluate(masking(), { x, weights: [] }, [output], () => [], engine);
  expectClose(results.output0!, flat(output), tolerance);
  expect(results.mask).toEqual(flat(mask));
}

holdCases(
  "models_with_masks.json",
  sharedCases<ModelCase | MaskingCase>("models_with_masks.json"),
  (golden) => `${golden.model}${"mask_zero" in golden && golden.mask_zero ? " masked" : ""}`,
  (golden, engine) => ("ids" in golden ? checkModel(golden, engine) : checkMasking(golden, engine)),
  {
    "emb+gmp masked": {
      because:
        "Keras's max pooling overlooks the mask, so that padding can be the greatest; here the maximum is over valid steps",
      fails: /element \d+ is/,
    },
  },
);
