/** An encoder–decoder with attention, as docs/models.md makes it, for the learning proofs. */
import {
  adam,
  attention,
  bidirectional,
  concatenate,
  dense,
  embedding,
  type Functional,
  gru,
  input,
  model,
  type Tensor,
  tensor,
} from "../../src/index.js";

/** What every vocabulary here begins with. */
export const padding = 0;
export const start = 1;
export const end = 2;

/** Reads a sequence of tokens, and says another: at every step the next token, given the right ones before it. */
export function translator(sourceTokens: number, targetTokens: number, units: number, seed: number): Functional {
  const source = input({ shape: [null], name: "source" });
  const target = input({ shape: [null], name: "target" });
  const reader = bidirectional(gru(units, { returnSequences: true, returnState: true }));
  const [memory, forward, backward] = reader.apply(embedding(sourceTokens, 24, { maskZero: true }).apply(source));
  const state = dense(units, { activation: "tanh" }).apply(concatenate().apply([forward!, backward!]));
  const speaker = gru(units, { returnSequences: true, returnState: true });
  const [steps] = speaker.apply([embedding(targetTokens, 24, { maskZero: true }).apply(target), state]);
  const found = attention().apply([dense(2 * units).apply(steps!), memory!]);
  const next = dense(targetTokens, { activation: "softmax" }).apply(concatenate().apply([steps!, found]));
  return model({ inputs: [source, target], outputs: next, name: "translator" }, { seed }).compile({
    optimizer: adam({ learningRate: 0.005, globalClipnorm: 1 }),
    loss: "sparseCategoricalCrossentropy",
  });
}

/** Sequences of tokens as one tensor, padded at their ends. */
export function padded(rows: readonly (readonly number[])[]): Tensor<Int32Array> {
  const time = Math.max(...rows.map(({ length }) => length));
  const data = rows.flatMap((row) => [...row, ...new Array<number>(time - row.length).fill(padding)]);
  return tensor(Int32Array.from(data), [rows.length, time]);
}

/** Inputs and targets of teacher forcing: at each step the model is given the token before, and asked for this one. */
export function lessons(sources: readonly (readonly number[])[], targets: readonly (readonly number[])[]) {
  return {
    x: { source: padded(sources), target: padded(targets.map((tokens) => [start, ...tokens])) },
    y: padded(targets.map((tokens) => [...tokens, end])),
  };
}
