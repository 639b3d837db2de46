/**
 * jax-js on its wasm backend as a measured process. It has no scan: a step of training is unrolled over time and compiled by `jit`, forward,
 * gradients and update together. Long sequences take it too long to compile, and gradients of an embedding do not go through `jit`.
 * Its arrays are used up by whoever they are given to; `.ref` keeps one.
 */

import { readFileSync } from "node:fs";
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { Cannot, serve } from "./line-protocol.js";
import { readWorkload } from "./read-workload.js";

/** Found from the copy of this file beside the packages. */
const manifest = new URL("../node_modules/@jax-js/jax/package.json", import.meta.url);
const refs = (arrays) => arrays.map((array) => array.ref);
const arrayOf = ({ data, shape }) => np.array(data, { shape: [...shape] });

/** One step from the sums over input, state and bias, and the states before, all of which it uses up; h comes first. */
const cells = {
  simpleRNN: { states: 1, step: (z) => [np.tanh(z)] },
  lstm: {
    states: 2,
    step(z, c) {
      const [inputGate, forgetGate, candidate, outputGate] = np.split(z, 4, -1);
      const kept = nn.sigmoid(forgetGate).mul(c);
      const memory = kept.add(nn.sigmoid(inputGate).mul(np.tanh(candidate)));
      return [nn.sigmoid(outputGate).mul(np.tanh(memory.ref)), memory];
    },
  },
};

const zeroStates = ({ cell, units }, batch) =>
  units.map((count) => Array.from({ length: cells[cell].states }, () => np.zeros([batch, count])));

/** Outputs before the activation; x is [time, batch, features]. Uses up `weights`, `x` and `states`, which are a list for every layer. */
function logitsOf({ cell, units, everyStep }, weights, x, time, states) {
  const rest = [...weights];
  let sequence = Array.from({ length: time }, (_, t) => x.ref.slice(t));
  x.dispose();
  const last = units.map((_, layer) => {
    const [kernel, recurrent, bias] = rest.splice(0, 3);
    let [h, ...others] = states[layer];
    sequence = sequence.map((step) => {
      const z = np.matmul(step, kernel.ref).add(np.matmul(h, recurrent.ref)).add(bias.ref);
      [h, ...others] = cells[cell].step(z, ...others);
      return h.ref;
    });
    for (const used of [kernel, recurrent, bias]) used.dispose();
    return [h, ...others];
  });
  const [kernel, bias] = rest;
  const seen = everyStep ? np.concatenate(sequence, 0) : sequence.at(-1);
  if (!everyStep) for (const step of sequence.slice(0, -1)) step.dispose();
  return { logits: np.matmul(seen, kernel).add(bias), states: last };
}

function lossOf({ loss, outputs }, logits, y) {
  if (loss === "meanSquaredError") return np.square(logits.sub(y)).mean();
  return nn.logSoftmax(logits).mul(nn.oneHot(y, outputs)).sum(-1).mean().mul(-1);
}

/** [weight, slots] after an update; `count` is the step's number as an array. */
function updated({ optimizer, learningRate }, weight, gradient, slots, count) {
  if (optimizer === "sgd") return [weight.sub(gradient.mul(learningRate)), []];
  const [m, v] = slots;
  const mean = m.mul(0.9).add(gradient.ref.mul(0.1));
  const square = v.mul(0.999).add(np.square(gradient).mul(0.001));
  const powers = (base) =>
    np
      .exp(count.ref.mul(Math.log(base)))
      .mul(-1)
      .add(1); // 1 − baseᵗ
  const rate = np.sqrt(powers(0.999)).div(powers(0.9)).mul(learningRate);
  count.dispose();
  return [weight.sub(mean.ref.mul(rate).div(np.sqrt(square.ref).add(1e-7))), [mean, square]];
}

function trainer({ model, batch, time }, weights, x, y) {
  const step = jit((parameters, slots, count, inputs, targets) => {
    const [loss, gradients] = valueAndGrad((wanted) => {
      const { logits, states } = logitsOf(model, wanted, inputs, time, zeroStates(model, batch));
      for (const state of states.flat()) state.dispose();
      return lossOf(model, logits, targets);
    })(parameters.map((parameter) => parameter.ref));
    const next = parameters.map((parameter, i) => updated(model, parameter, gradients[i], slots[i], count.ref));
    count.dispose();
    return [loss, next.map(([weight]) => weight), next.map(([, kept]) => kept)];
  });
  const inputs = np.swapaxes(arrayOf(x), 0, 1);
  const targets = model.everyStep ? np.swapaxes(arrayOf(y), 0, 1).reshape([time * batch]) : arrayOf(y);
  let parameters = weights.map(arrayOf);
  let slots = weights.map(({ shape: size }) => (model.optimizer === "adam" ? [np.zeros(size), np.zeros(size)] : []));
  let count = 0;
  return async () => {
    const [loss, next, kept] = step(parameters, slots, np.array(++count), inputs.ref, targets.ref);
    [parameters, slots] = [next, kept];
    return (await loss.data())[0];
  };
}

function generation({ model, time }, weights, x) {
  const parameters = weights.map(arrayOf);
  const step = jit((given, before, row) => {
    const { logits, states } = logitsOf(model, given, row, 1, [before]);
    return [nn.softmax(logits), states[0]];
  });
  const row = (t) => x.data.slice(t * model.features, (t + 1) * model.features);
  return async () => {
    let [states] = zeroStates(model, 1);
    let probabilities;
    for (let t = 0; t < time; t++) {
      const [y, next] = step(refs(parameters), states, np.array(row(t), { shape: [1, 1, model.features] }));
      states = next;
      probabilities = await y.data();
    }
    for (const state of states) state.dispose();
    return probabilities;
  };
}

let once;

await serve({
  async prepare({ folder }) {
    const { workload, x, y, weights } = readWorkload(folder);
    if (workload.model.vocabulary !== null) throw new Cannot("gradients of an embedding do not go through its jit");
    await init("wasm");
    defaultDevice("wasm");
    const versions = { "jax-js": JSON.parse(readFileSync(manifest, "utf8")).version };
    if (workload.task === "train") {
      once = trainer(workload, weights, x, y);
      return { check: [await once(), await once(), await once()], versions };
    }
    once = generation(workload, weights, x);
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
});
