/** Our models of the workloads, through the public API, as a user would write them. */
import {
  adam,
  bidirectional,
  dense,
  type Engine,
  embedding,
  type Layer,
  lstm,
  rmsprop,
  type Sequential,
  sequential,
  sgd,
  simpleRNN,
  timeDistributed,
} from "../src/index.js";
import type { ModelSpec } from "./workloads.js";

const optimizers = { adam, rmsprop, sgd };
const cells = { lstm, simpleRNN };

export function tavaliModel(spec: ModelSpec, engine?: Engine): Sequential {
  const { vocabulary, features, units, everyStep, outputs, activation, loss, optimizer, learningRate } = spec;
  const globalClipnorm = spec.globalClipnorm ?? undefined;
  const last = dense(outputs, { activation });
  const recurrent = (count: number, i: number): Layer => {
    const layer = cells[spec.cell](count, { returnSequences: everyStep || i < units.length - 1 });
    return spec.bidirectional ? bidirectional(layer) : layer;
  };
  const layers: Layer[] = [
    ...(vocabulary === null ? [] : [embedding(vocabulary, features)]),
    ...units.map(recurrent),
    spec.timeDistributed ? timeDistributed(last) : last,
  ];
  const model = sequential(layers, { seed: 1, engine });
  model.compile({ loss, optimizer: optimizers[optimizer]({ learningRate, globalClipnorm }) });
  return model.build(vocabulary === null ? [null, null, features] : [null, null]);
}
