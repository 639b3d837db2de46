/**
 * Our models of the workloads, through the public API, as a user would write them. A text goes in as ids and becomes one-hot in the model,
 * by the layer that is there for it; the vectors that peers are given are read back to ids.
 */
import {
  adam,
  bidirectional,
  dense,
  type Engine,
  embedding,
  type Layer,
  lstm,
  oneHot,
  rmsprop,
  type Sequential,
  sequential,
  sgd,
  simpleRNN,
  timeDistributed,
} from "../src/index.js";
import { isText, type ModelSpec, type Numbers } from "./workloads.js";

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
    ...(isText(spec) ? [oneHot(features)] : []),
    ...units.map(recurrent),
    spec.timeDistributed ? timeDistributed(last) : last,
  ];
  const model = sequential(layers, { seed: 1, engine });
  model.compile({ loss, optimizer: optimizers[optimizer]({ learningRate, globalClipnorm }) });
  return model.build(vocabulary === null && !isText(spec) ? [null, null, features] : [null, null]);
}

/** What our model reads of a workload's inputs. */
export function tavaliInputs(spec: ModelSpec, x: Numbers): Numbers {
  if (!isText(spec)) return x;
  const { features } = spec;
  const rows = Array.from({ length: x.data.length / features }, (_, i) =>
    x.data.subarray(i * features, (i + 1) * features),
  );
  return { data: Int32Array.from(rows, (row) => row.indexOf(1)), shape: x.shape.slice(0, -1) };
}
