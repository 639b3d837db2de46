/** Our models of the workloads, through the public API, as a user would write them. */
import {
  adam,
  dense,
  type Engine,
  embedding,
  type Layer,
  rmsprop,
  type Sequential,
  sequential,
  sgd,
  simpleRNN,
} from "../src/index.js";
import type { ModelSpec } from "./workloads.js";

const optimizers = { adam, rmsprop, sgd };

export function tavaliModel(spec: ModelSpec, engine?: Engine): Sequential {
  const { vocabulary, features, units, everyStep, outputs, activation, loss, optimizer, learningRate } = spec;
  const last = units.length - 1;
  const layers: Layer[] = [
    ...(vocabulary === null ? [] : [embedding(vocabulary, features)]),
    ...units.map((count, i) => simpleRNN(count, { returnSequences: everyStep || i < last })),
    dense(outputs, { activation }),
  ];
  const model = sequential(layers, { seed: 1, engine });
  model.compile({ loss, optimizer: optimizers[optimizer]({ learningRate }) });
  return model.build(vocabulary === null ? [null, null, features] : [null, null]);
}
