/**
 * TensorFlow.js on its wasm backend (SIMD; its threads do not run in Node) as a measured process: tf.layers models, `trainOnBatch`.
 * The backend has no kernel for the gradient of an embedding, so a plain loop stands in for it, which does the peer a favour.
 */
import { createRequire } from "node:module";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { serve } from "./line-protocol.js";
import { readWorkload } from "./read-workload.js";

const optimizers = {
  rmsprop: (rate) => tf.train.rmsprop(rate, 0.9, 0, 1e-7),
  adam: (rate) => tf.train.adam(rate, 0.9, 0.999, 1e-7),
  sgd: (rate) => tf.train.sgd(rate),
};

function registerEmbeddingGradient() {
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: ({ inputs: { x, segmentIds }, backend, attrs: { numSegments } }) => {
      const width = x.shape.slice(1).reduce((product, size) => product * size, 1);
      const ids = backend.readSync(segmentIds.dataId);
      const values = backend.readSync(x.dataId);
      const sums = new Float32Array(numSegments * width);
      for (let row = 0; row < ids.length; row++) {
        const [to, from] = [ids[row] * width, row * width];
        for (let column = 0; column < width; column++) sums[to + column] += values[from + column];
      }
      const shape = [numSegments, ...x.shape.slice(1)];
      return { dataId: backend.write(sums, shape, "float32"), shape, dtype: "float32" };
    },
  });
}

async function useWasm() {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}${path.sep}`);
  await tf.setBackend("wasm");
  await tf.ready();
  registerEmbeddingGradient();
}

function layersOf(spec, shape, options = {}) {
  const { vocabulary, features, units, everyStep, outputs, activation } = spec;
  const first = { batchInputShape: shape };
  const layers = vocabulary ? [tf.layers.embedding({ ...first, inputDim: vocabulary, outputDim: features })] : [];
  units.forEach((count, i) => {
    const returnSequences = everyStep || i + 1 < units.length;
    const start = layers.length === 0 ? first : {};
    const recurrent = { ...start, units: count, returnSequences, recurrentInitializer: "glorotUniform", ...options };
    const gates = { recurrentActivation: "sigmoid" };
    const layer = spec.cell === "lstm" ? tf.layers.lstm({ ...recurrent, ...gates }) : tf.layers.simpleRNN(recurrent);
    layers.push(spec.bidirectional ? tf.layers.bidirectional({ layer, mergeMode: "concat" }) : layer);
  });
  const last = tf.layers.dense({ units: outputs, activation });
  return [...layers, spec.timeDistributed ? tf.layers.timeDistributed({ layer: last }) : last];
}

function modelOf(workload, x) {
  const spec = workload.model;
  const options = workload.task === "generate" ? { stateful: true } : {};
  const shape = workload.task === "generate" ? [1, 1, spec.features] : x.shape;
  const model = tf.sequential({ layers: layersOf(spec, shape, options) });
  model.compile({ loss: spec.loss, optimizer: optimizers[spec.optimizer](spec.learningRate) });
  return model;
}

const tensorOf = ({ data, shape }) => tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32");

function trainingStep({ model: { globalClipnorm } }, model, x, y) {
  // Class numbers take an axis of their own here: [batch, time, 1].
  const inputs = tensorOf(x);
  const targets = tf.tensor(Float32Array.from(y.data), y.data instanceof Int32Array ? [...y.shape, 1] : y.shape);
  if (globalClipnorm !== null) return clippedStep(model, inputs, targets, globalClipnorm);
  return async () => {
    const loss = await model.trainOnBatch(inputs, targets);
    return typeof loss === "number" ? loss : loss[0];
  };
}

/** `trainOnBatch` does not clip; this is the same step with it. */
function clippedStep(model, inputs, targets, limit) {
  const [lossOf] = model.model.lossFunctions;
  const step = () => {
    const { value, grads } = tf.variableGrads(() => lossOf(targets, model.apply(inputs, { training: true })).mean());
    const norm = tf.sqrt(tf.addN(Object.values(grads).map((gradient) => gradient.square().sum())));
    const scale = tf.div(limit, tf.maximum(norm, limit));
    const clipped = Object.entries(grads).map(([name, tensor]) => ({ name, tensor: tensor.mul(scale) }));
    model.optimizer.applyGradients(clipped);
    return value;
  };
  return async () => {
    const loss = tf.tidy(step);
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
}

/** The text, one character at a time, through a layer that keeps its state. */
function generation(model, { time, model: { features } }, x) {
  return async () => {
    model.resetStates();
    let probabilities;
    for (let t = 0; t < time; t++) {
      const result = tf.tidy(() => {
        const row = tf.tensor3d(x.data.subarray(t * features, (t + 1) * features), [1, 1, features]);
        return model.predict(row);
      });
      probabilities = await result.data();
      result.dispose();
    }
    return probabilities;
  };
}

function prediction(model, x) {
  const inputs = tensorOf(x);
  return async () => {
    const result = tf.tidy(() => model.predict(inputs));
    const values = await result.data();
    result.dispose();
    return values;
  };
}

let once;

await serve({
  async prepare({ folder }) {
    await useWasm();
    const { workload, x, y, weights } = readWorkload(folder);
    const model = modelOf(workload, x);
    model.setWeights(weights.map(tensorOf));
    const versions = { tfjs: tf.version_core };
    if (workload.task === "train") {
      once = trainingStep(workload, model, x, y);
      return { check: [await once(), await once(), await once()], versions };
    }
    once = workload.task === "predict" ? prediction(model, x) : generation(model, workload, x);
    return { check: [...(await once())].slice(0, 4), versions };
  },
  async run(count) {
    const times = [];
    for (let i = 0; i < count; i++) {
      const begin = performance.now();
      await once();
      times.push(performance.now() - begin);
    }
    return times;
  },
  async start({ folder }) {
    await useWasm();
    const { workload, x, y } = readWorkload(folder);
    return { loss: await trainingStep(workload, modelOf(workload, x), x, y)() };
  },
});
