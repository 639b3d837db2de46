/** A loss that is not finite: the message names step, layer and cause, and the last good weights are kept. */
import { describe, expect, it } from "vitest";
import { activation, dense, embedding, gru, type Layer, simpleRNN } from "../layers/index.js";
import { type FitOptions, sequential } from "../models/index.js";
import { Random } from "../tensor/random.js";
import type { Callback } from "./callbacks.js";

const random = new Random(3);
const [count, time] = [20, 6];
const x = { data: Float32Array.from({ length: count * time * 2 }, () => random.normal()), shape: [count, time, 2] };
const y = Array.from({ length: count }, () => random.uniform());
const rnn = () => [
  simpleRNN(3, { inputShape: [time, 2], name: "reader", activation: "linear" }),
  dense(1, { name: "verdict" }),
];

function build(layers: Layer[], loss = "mse", learningRate = 0.01) {
  const model = sequential(layers, { seed: 1, threads: 1 }).compile({ optimizer: "sgd", loss });
  model.learningRate = learningRate;
  return model;
}

/** Sets the learning rate so high in one step that any update overflows. */
function overflowAt(step: number): Callback {
  let steps = 0;
  return {
    onBatchBegin(_, { model }) {
      model.learningRate = steps++ === step ? 3e38 : 0.01;
    },
  };
}

const options: FitOptions = { batchSize: 5, epochs: 3, seed: 2, verbose: 0 };

/** Trains until it fails: the message, and the weights after every step. */
async function failing(model: ReturnType<typeof build>, more: FitOptions = {}, data = x, targets: number[] = y) {
  const weights: unknown[] = [model.getWeights()];
  const record: Callback = { onBatchEnd: () => void weights.push(model.getWeights()) };
  const callbacks = [...(more.callbacks ?? []), record];
  const failure = await model.fit(data, targets, { ...options, ...more, callbacks }).catch((error: Error) => error);
  return { message: (failure as Error).message, weights };
}

describe("a lost loss", () => {
  it("because of a high learning rate: the weights have grown, the gradient explodes", async () => {
    const model = build(rnn(), "mse", 1e4);
    const { message, weights } = await failing(model);
    expect(message).toMatch(
      /loss became (NaN|Infinity) in epoch \d, step \d.*"(reader|verdict).*Weights have grown to .* \((reader|verdict)\/\w+\).*learning rate, which is 10000.*clip/,
    );
    const kept = model.getWeights();
    for (const { data } of kept) for (const value of data) expect(value).toSatisfy(Number.isFinite);
    expect(weights).toContainEqual(kept);
  });

  it("names the step before, if its update broke the weights, and keeps those from before it", async () => {
    const model = build(rnn());
    // The gradient is finite; times this rate it is not.
    const { message, weights } = await failing(model, { callbacks: [overflowAt(2)] });
    expect(message).toMatch(/in epoch 1, step 4.*restored to those from before epoch 1, step 3\.$/);
    expect(model.getWeights()).toEqual(weights[2]);
  });

  it("names the first layer whose output is not finite", async () => {
    const layers = [...rnn(), activation("exponential", { name: "grows" }), dense(1)];
    const { message } = await failing(build(layers), {}, { ...x, data: x.data.map((value) => value * 1e4) });
    expect(message).toMatch(/The output of "grows" is the first that is not finite/);
  });

  it("names the loss where only the loss is not finite", async () => {
    const { message } = await failing(
      build(rnn()),
      {},
      x,
      y.map((value, i) => (i === 7 ? 3e38 : value)),
    );
    expect(message).toMatch(/Every layer's output is finite|gradient of "verdict/);
  });

  it("restores the exact weights over epochs, ids and dropout", async () => {
    const ids = { data: Int32Array.from({ length: count * time }, () => random.integer(9)), shape: [count, time] };
    const model = build([
      embedding(9, 4, { inputShape: [time] }),
      gru(3, { dropout: 0.2, recurrentDropout: 0.1 }),
      dense(1),
    ]);
    const { weights } = await failing(model, { callbacks: [overflowAt(6)] }, ids as never);
    expect(model.getWeights()).toEqual(weights[6]);
  });

  it("does not end training with terminateOnNaN: false", async () => {
    const { history } = await build(rnn(), "mse", 1e4).fit(x, y, { ...options, terminateOnNaN: false });
    expect(history.loss).toHaveLength(3);
    expect(history.loss!.at(-1)).toSatisfy((loss: number) => !Number.isFinite(loss));
  });
});
