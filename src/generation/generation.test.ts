import { describe, expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import {
  additiveAttention,
  bidirectional,
  concatenate,
  dense,
  embedding,
  globalAveragePooling1D,
  gru,
  input,
  lstm,
  repeatVector,
  type SymbolicTensor,
} from "../layers/index.js";
import { type Functional, model, type Sequential, sequential } from "../models/index.js";
import { Random } from "../tensor/random.js";
import { type Tensor, tensor } from "../tensor/tensor.js";
import { advanceBeam, beginning, tokensOf } from "./beam.js";
import { drawToken, mostProbableToken, mostProbableTokens } from "./choose-token.js";
import { decoder } from "./decoder.js";

const tokens = 6;
const borders = { start: 1, end: 2, maxLength: 5 } as const;
const sources = tensor(Int32Array.of(3, 4, 5, 0, 5, 3, 0, 0, 4, 4, 3, 5), [3, 4]);

/** Attention over a padded source, a state from both directions, and the source's last state next to every word. */
function translator(softmax = true): Functional {
  const source = input({ shape: [null], name: "source" });
  const target = input({ shape: [null], name: "target" });
  const reader = bidirectional(lstm(3, { returnSequences: true, returnState: true }));
  const [memory, h, c, hBack, cBack] = reader.apply(embedding(tokens, 4, { maskZero: true }).apply(source));
  const states = [concatenate().apply([h!, hBack!]), concatenate().apply([c!, cBack!])];
  const words = embedding(tokens, 5).apply(target);
  const [steps] = lstm(6, { returnSequences: true, returnState: true }).apply([words, ...states]);
  const found = additiveAttention().apply([steps!, memory!]);
  const next = dense(tokens, { activation: softmax ? "softmax" : "linear" }).apply(
    concatenate().apply([steps!, found]),
  );
  const whole = model({ inputs: [source, target], outputs: next }, { engine: referenceEngine, seed: 4 });
  const random = new Random(8);
  // Larger weights than initial ones, so that probabilities differ.
  whole.setWeights(
    whole.getWeights().map(({ data, shape }) =>
      tensor(
        Float64Array.from(data, () => 1.5 * random.normal()),
        shape,
      ),
    ),
  );
  return whole;
}

/** The model's probabilities after a prefix, computed from the whole prefix. */
async function after(whole: Functional, row: number, said: readonly number[]): Promise<Float64Array> {
  const source = tensor(sources.data.slice(row * 4, row * 4 + 4), [1, 4]);
  const target = tensor(Int32Array.of(borders.start, ...said), [1, said.length + 1]);
  const { data } = await whole.predict({ source, target });
  return Float64Array.from(data.slice(said.length * tokens), Math.log);
}

/** Every sequence that the model can generate, with log p. */
async function everything(whole: Functional, row: number, said: readonly number[] = [], logProbability = 0) {
  const next = await after(whole, row, said);
  const all = [{ tokens: said, logProbability: logProbability + next[borders.end]!, ended: true }];
  for (let token = 0; token < tokens; token++) {
    if (token === borders.end) continue;
    const longer = [...said, token];
    const sum = logProbability + next[token]!;
    if (longer.length === 3) all.push({ tokens: longer, logProbability: sum, ended: false });
    else all.push(...(await everything(whole, row, longer, sum)));
  }
  return all;
}

describe("decoding step by step", () => {
  it("takes the most probable token each time, as the whole model does for the same prefix", async () => {
    const whole = translator();
    const results = await decoder(whole, { target: "target" }).decode(sources, borders);
    for (const [row, result] of results.entries()) {
      const said: number[] = [];
      let logProbability = 0;
      let ended = false;
      while (!ended && said.length < borders.maxLength) {
        const next = await after(whole, row, said);
        const token = mostProbableToken(next);
        logProbability += next[token]!;
        ended = token === borders.end;
        if (!ended) said.push(token);
      }
      expect(result.tokens).toEqual(said);
      expect(result.ended).toBe(ended);
      expect(result.logProbability).toBeCloseTo(logProbability, 10);
    }
  });

  it("does not depend on the batch or on padding of the source", async () => {
    const speak = decoder(translator(), { target: "target" });
    const all = await speak.decode(sources, borders);
    expect(await speak.decode(sources, { ...borders, batchSize: 2 })).toEqual(all);
    const wider = tensor(
      Int32Array.from({ length: 21 }, (_, i) => (i % 7 < 4 ? sources.data[Math.floor(i / 7) * 4 + (i % 7)]! : 0)),
      [3, 7],
    );
    const longer = await speak.decode(wider, borders);
    expect(longer.map((result) => result.tokens)).toEqual(all.map((result) => result.tokens));
    longer.forEach(({ logProbability }, i) => {
      expect(logProbability).toBeCloseTo(all[i]!.logProbability, 10);
    });
  });

  it("uses the model's current weights", async () => {
    const whole = translator();
    const speak = decoder(whole, { target: "target" });
    whole.compile({ optimizer: { type: "adam", learningRate: 0.05 }, loss: "sparseCategoricalCrossentropy" });
    const wanted = [
      [3, 3],
      [4, 5],
      [5, 4],
    ];
    const x = { source: sources, target: tensor(Int32Array.from(wanted.flatMap((row) => [1, ...row])), [3, 3]) };
    const y = tensor(Int32Array.from(wanted.flatMap((row) => [...row, 2])), [3, 3]);
    await whole.fit(x, y, { epochs: 120, verbose: 0, seed: 1 });
    expect((await speak.decode(sources, borders)).map((result) => result.tokens)).toEqual(wanted);
  });

  it("takes logits and one-hot tokens", async () => {
    const probabilities = await decoder(translator(), { target: "target" }).decode(sources, borders);
    const logits = await decoder(translator(false), { target: "target", fromLogits: true }).decode(sources, borders);
    logits.forEach(({ tokens, logProbability }, i) => {
      expect(tokens).toEqual(probabilities[i]!.tokens);
      expect(logProbability).toBeCloseTo(probabilities[i]!.logProbability, 10);
    });
    const oneHot = oneHotTranslator();
    const [result] = await decoder(oneHot, { target: "target" }).decode([[[0.5], [1]]], borders);
    expect(result!.tokens.length).toBeLessThanOrEqual(5);
  });
});

/** Each word one-hot, with the source's last state next to it at every step. */
function oneHotTranslator(read = (steps: SymbolicTensor): SymbolicTensor => steps): Functional {
  const source = input({ shape: [2, 1], name: "source" });
  const target = input({ shape: [null, tokens], name: "target" });
  const last = gru(4).apply(source);
  const [steps] = gru(4, { returnSequences: true, returnState: true }).apply([target, last]);
  return model(
    { inputs: [source, target], outputs: dense(tokens, { activation: "softmax" }).apply(read(steps!)) },
    { engine: referenceEngine, seed: 1 },
  );
}

describe("beam search", () => {
  it("finds the most probable of all sequences if the beam is wide enough", async () => {
    const whole = translator();
    const options = { ...borders, maxLength: 3, beams: 40, lengthPenalty: 0 };
    const results = await decoder(whole, { target: "target" }).decode(sources, options);
    for (const [row, { beams }] of results.entries()) {
      const all = (await everything(whole, row)).sort((a, b) => b.logProbability - a.logProbability);
      for (const [rank, beam] of beams.slice(0, 10).entries()) {
        expect(beam.tokens).toEqual(all[rank]!.tokens);
        expect(beam.logProbability).toBeCloseTo(all[rank]!.logProbability, 9);
      }
    }
  });

  it("keeps ended hypotheses, and applies the length penalty", () => {
    const next = (...p: number[]) => p.map(Math.log);
    const rule = { width: 2, end: 0, lengthPenalty: 0 };
    const one = advanceBeam(beginning, [next(0.5, 0.3, 0.2)], rule);
    expect(one.map((hypothesis) => [tokensOf(hypothesis), hypothesis.ended])).toEqual([
      [[], true],
      [[1], false],
    ]);
    const later = [[], next(0.05, 0.9, 0.05)];
    const two = advanceBeam(one, later, rule);
    expect(two.map((hypothesis) => [tokensOf(hypothesis), hypothesis.parent])).toEqual([
      [[], 0],
      [[1, 1], 1],
    ]);
    expect(tokensOf(advanceBeam(one, later, { ...rule, lengthPenalty: 1 })[0]!)).toEqual([1, 1]);
  });
});

describe("sampling", () => {
  const logs = [0.1, 0.5, 0.15, 0.25].map(Math.log);
  const shares = (options: object) => {
    const random = new Random(1);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[drawToken(logs, options, random)]!++;
    return counts.map((count) => count / 20_000);
  };

  it("draws by probability, by temperature, and from the most probable tokens only", () => {
    const near = (options: object, expected: number[]) =>
      shares(options).forEach((share, i) => {
        expect(Math.abs(share - expected[i]!)).toBeLessThan(0.015);
      });
    near({}, [0.1, 0.5, 0.15, 0.25]);
    near({ topK: 2 }, [0, 2 / 3, 0, 1 / 3]);
    near({ topP: 0.6 }, [0, 2 / 3, 0, 1 / 3]);
    near({ topP: 0.4 }, [0, 1, 0, 0]);
    const squares = [0.01, 0.25, 0.0225, 0.0625];
    near(
      { temperature: 0.5 },
      squares.map((value) => value / 0.345),
    );
    expect(mostProbableTokens(logs, 3)).toEqual([1, 3, 2]);
  });

  it("gives equal sequences for equal seeds and any batch size", async () => {
    const speak = decoder(translator(), { target: "target" });
    const say = async (seed: number, batchSize = 64) =>
      (await speak.decode(sources, { ...borders, batchSize, sample: { seed, temperature: 3 } })).map(
        (one) => one.tokens,
      );
    expect(await say(5)).toEqual(await say(5, 1));
    expect(await say(5)).not.toEqual(await say(6));
  });

  it("takes the most probable token at a low temperature", async () => {
    const speak = decoder(translator(), { target: "target" });
    const cold = await speak.decode(sources, { ...borders, sample: { seed: 1, temperature: 1e-4 } });
    expect(cold.map((one) => one.tokens)).toEqual((await speak.decode(sources, borders)).map((one) => one.tokens));
  });
});

describe("models that cannot be decoded", () => {
  it("are refused with a hint", async () => {
    const whole = translator();
    expect(() => decoder(whole, { target: "words" })).toThrow(/no input "words"; it has source, target/);
    expect(() => decoder(whole, { target: "target", output: "tags" })).toThrow(/no output "tags"/);
    const pooled = oneHotTranslator((steps) => repeatVector(3).apply(globalAveragePooling1D().apply(steps)));
    await expect(decoder(pooled, { target: "target" }).decode([[[0.5], [1]]], borders)).rejects.toThrow(
      /step 0 alone gives token \d another probability/,
    );
    const forgetful = oneHotTranslator((steps) => gru(3, { returnSequences: true }).apply(steps));
    const chain: Sequential | Functional = sequential([dense(1)]);
    expect(() => decoder(chain, { target: "target" })).toThrow(/expected a functional model.*received a Sequential/);
    expect(() => decoder(forgetful, { target: "target" })).toThrow(
      /GRU reads the target, so its state \(h\) must be carried/,
    );
  });

  it("are refused with options that are not valid", async () => {
    const speak = decoder(translator(), { target: "target" });
    const refused = (options: object, message: RegExp) =>
      expect(speak.decode(sources, { ...borders, ...options })).rejects.toThrow(message);
    await refused({ beams: 0 }, /beams must be/);
    await refused({ beams: 2, sample: {} }, /cannot be combined/);
    await refused({ sample: { temperature: 0 } }, /temperature must be above 0/);
    await refused({ sample: { topK: 0 } }, /topK/);
    await refused({ sample: { topP: 0 } }, /topP/);
    await expect(speak.decode({ origin: sources } as Record<string, Tensor>, borders)).rejects.toThrow(/"origin"/);
  });
});
