/** A short training, the same everywhere: on threads, with a model file at its end. */
import { createWasmEngine, dense, lstm, sequential, simpleRNN } from "tavali";
import { modelFromBytes, modelToBytes } from "tavali/formats";

/** Sequences of 6 steps with one feature, and whether their sum is positive. */
function data(count) {
  const x = Array.from({ length: count }, (_, i) =>
    Array.from({ length: 6 }, (_, t) => [Math.fround(((i * 7 + t * 13) % 19) / 9 - 1)]),
  );
  const y = x.map((steps) => (steps.reduce((sum, [value]) => sum + value, 0) > 0 ? 1 : 0));
  return { x, y };
}

/**
 * Losses and predictions. Without relaxed SIMD and BLAS, which differ from machine to machine, they are the same in all programs.
 *
 * @param threads how many share a batch; undefined as many as the host gives
 */
export async function train(threads) {
  const engine = createWasmEngine({ relaxedSimd: false, blas: false, ...(threads === undefined ? {} : { threads }) });
  const layers = [lstm(8, { returnSequences: true }), simpleRNN(8), dense(1, { activation: "sigmoid" })];
  const model = sequential(layers, { seed: 1, engine });
  const { x, y } = data(128);
  model.compile({ optimizer: "adam", loss: "binaryCrossentropy" });
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 64, seed: 1, verbose: 0 });
  const { model: same } = await modelFromBytes(await modelToBytes(model), "model.tavali");
  const predictions = await same.predict(x.slice(0, 4));
  return { losses: Array.from(history.loss), predictions: Array.from(predictions.data) };
}
