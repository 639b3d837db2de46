/** Calls that are started together give what the same calls give one by one. */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { createWasmEngine } from "../../src/engines/index.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { continueTokens, decoder } from "../../src/generation/index.js";
import { inspect } from "../../src/inspection/index.js";
import { dense, embedding, gru, input, lstm } from "../../src/layers/index.js";
import { sparseCategoricalCrossentropy } from "../../src/losses/index.js";
import { type Functional, model, sequential } from "../../src/models/index.js";
import { Random } from "../../src/tensor/random.js";
import { type Tensor, tensor } from "../../src/tensor/tensor.js";

const V = 7;
const wasm = createWasmEngine({ threads: 2 });
const engines: [string, Engine, number][] = [
  ["reference", referenceEngine, 1],
  ["reference in two shards", referenceEngine, 2],
  ["wasm on one thread", wasm, 1],
  ["wasm on two threads", wasm, 2],
];

type Call = () => Promise<unknown>;

/** Runs calls one by one, then the same calls of an equal world at once. */
async function bothWays(make: () => readonly Call[]) {
  const alone: unknown[] = [];
  for (const call of make()) alone.push(await call());
  return { alone, together: await Promise.all(make().map((call) => call())) };
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random.integer(items.length)]!;

const rows = (random: Random, shape: number[]): Tensor =>
  tensor(
    Int32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.integer(V)),
    shape,
  );

/** An encoder–decoder, its parts, and a decoder: three models on one device. */
function translator(engine: Engine, threads: number): Functional {
  const source = input({ shape: [null], name: "source" });
  const target = input({ shape: [null], name: "target" });
  const [memory, h, c] = lstm(3, { returnState: true }).apply(embedding(V, 4, { maskZero: true }).apply(source));
  const words = embedding(V, 3).apply(target);
  const [steps] = lstm(3, { returnSequences: true, returnState: true }).apply([words, h!, c!]);
  const next = dense(V, { activation: "softmax" }).apply(steps!);
  const mood = dense(1).apply(memory!);
  const borders = { inputs: [source, target], outputs: { next, mood } };
  return model(borders, { engine, threads, seed: 4 }).compile({
    optimizer: "adam",
    loss: { next: "sparseCategoricalCrossentropy", mood: "meanSquaredError" },
  });
}

function translatorCalls(engine: Engine, threads: number, count: number): Call[] {
  const whole = translator(engine, threads);
  const encoder = whole.part({ inputs: whole.inputs[0]!, outputs: whole.outputs[1]! });
  const speak = decoder(whole, { target: "target" });
  const random = new Random(7);
  return Array.from({ length: count }, (): Call => {
    const [n, s, t] = [pick(random, [2, 17]), pick(random, [2, 4]), 3];
    const [source, target, answer] = [rows(random, [n, s]), rows(random, [n, t]), rows(random, [n, t])];
    const y = { next: answer, mood: Float32Array.from({ length: n }, () => random.uniform()) };
    const seed = random.integer(100);
    const kinds: Call[] = [
      () => whole.predictAll([source, target], { batchSize: 8 }),
      () => encoder.predict(source, { batchSize: 16 }),
      () => whole.evaluate([source, target], y, { batchSize: 16 }),
      () => whole.trainOnBatch([source, target], y, { seed }),
      () => speak.decode(source, { start: 1, end: 2, maxLength: 4 }),
    ];
    return pick(random, kinds);
  });
}

/** A language model that goes on from state to state. */
function speaker(engine: Engine, threads: number, stateful: boolean) {
  return sequential(
    [
      embedding(V, 3, { inputShape: [null] }),
      gru(4, { returnSequences: true, stateful }),
      dense(V, { activation: "softmax" }),
    ],
    { engine, threads, seed: 2 },
  ).compile({ optimizer: "rmsprop", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
}

function speakerCalls(engine: Engine, threads: number, count: number): Call[] {
  const whole = speaker(engine, threads, false);
  const random = new Random(8);
  return Array.from({ length: count }, (_, i): Call => {
    const [n, t] = [pick(random, [2, 17]), pick(random, [2, 5])];
    const [x, y] = [rows(random, [n, t]), rows(random, [n, t])];
    const token = 1 + random.integer(V - 1);
    const kinds: Call[] = [
      () => whole.predict(x, { batchSize: 8 }),
      () => whole.evaluate(x, y, { batchSize: 16, window: 2 }),
      () => whole.trainOnBatch(x, y, { seed: token }),
      () => whole.testOnBatch(x, y),
      () => whole.run(x),
      async () => {
        const stream = await whole.stream({ batch: 2 });
        return [1, 2, 3].map(() => stream.step([token, 1]));
      },
      () => continueTokens(whole, [token], { length: 5 }),
    ];
    // Compiled anew each time.
    if (i % 50 === 49)
      return () => inspect(whole, tensor(Int32Array.of(1, 2), [1, 2]), tensor(Int32Array.of(1, 2), [1, 2]));
    return pick(random, kinds);
  });
}

describe.each(engines)("on the engine %s", (_, engine, threads) => {
  it("200 calls of a model, its parts and its decoder", async () => {
    const { alone, together } = await bothWays(() => translatorCalls(engine, threads, 200));
    expect(together).toEqual(alone);
  });

  it("100 calls of a language model", async () => {
    const { alone, together } = await bothWays(() => speakerCalls(engine, threads, 100));
    expect(together).toEqual(alone);
  });

  it("calls of stateful layers go on in their order, and begin anew where they are told to", async () => {
    const { alone, together } = await bothWays(() => {
      const whole = speaker(engine, threads, true);
      const random = new Random(3);
      return Array.from({ length: 30 }, (_, i): Call => {
        const x = rows(random, [16, pick(random, [1, 3])]);
        return () => {
          if (i % 7 === 3) whole.resetStates();
          return whole.predict(x);
        };
      });
    });
    expect(together).toEqual(alone);
  });
});

describe("beside a training", () => {
  const random = new Random(5);
  const [x, y] = [rows(random, [48, 4]), rows(random, [48, 4])];
  const options = { batchSize: 16, epochs: 3, seed: 1, verbose: 0, validationSplit: 0.25 } as const;

  it("other calls change nothing, and end before it does", async () => {
    const alone = speaker(wasm, 2, false);
    const { history } = await alone.fit(x, y, options);
    const trained = speaker(wasm, 2, false);
    const ended: string[] = [];
    const fit = trained.fit(x, y, options).finally(() => ended.push("fit"));
    const others = [trained.predict(x), trained.evaluate(x, y, { batchSize: 7, window: 2 }), trained.run(x)];
    await Promise.all(others).finally(() => ended.push("others"));
    expect((await fit).history).toEqual(history);
    expect(trained.getWeights()).toEqual(alone.getWeights());
    expect(ended).toEqual(["others", "fit"]);
  });

  it("callbacks call the model that is trained", async () => {
    const trained = speaker(wasm, 2, false);
    const seen: unknown[] = [];
    const look = async () => {
      seen.push(await trained.predict(x), await trained.evaluate(x, y), await trained.trainer.snapshot());
    };
    await trained.fit(x, y, { ...options, callbacks: [{ onBatchEnd: look, onEpochEnd: look, onTrainEnd: look }] });
    expect(seen).toHaveLength(3 * (3 * 3 + 3 + 1));
  });

  it("a call keeps its place where its labels at padding are looked at first", async () => {
    const make = () =>
      sequential(
        [embedding(V, 3, { maskZero: true, inputShape: [null] }), gru(4, { returnSequences: true }), dense(V)],
        {
          seed: 2,
        },
      ).compile({ optimizer: "sgd", loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
    const padded = [
      [1, 2, 0],
      [3, 0, 0],
    ];
    const labels = [
      [2, 3, -1],
      [4, -1, -1],
    ];
    const { alone, together } = await bothWays(() => {
      const whole = make();
      return [
        () => whole.trainOnBatch(padded, labels, { seed: 1 }),
        () => whole.predict(padded),
        () => whole.testOnBatch(padded, labels),
        () => whole.trainOnBatch(padded, padded, { seed: 2 }),
        () => whole.evaluate(padded, labels, { batchSize: 1 }),
        () => whole.trainOnBatch(padded, labels, { seed: 3 }),
        () => whole.predict(padded),
      ];
    });
    expect(together).toEqual(alone);
  });

  it("a call that is refused holds up nobody", async () => {
    const whole = speaker(wasm, 1, true);
    const right = whole.predict(x, { batchSize: 48 });
    const wrong = whole.predict(x, { batchSize: 24 });
    const after = whole.evaluate(x, y, { batchSize: 48 });
    await right;
    await expect(wrong).rejects.toThrow(/stateful layers hold the states of 48 sequences/);
    expect((await after).loss).toBeGreaterThan(0);
  });
});

it("weights are not set before a call that was made earlier", async () => {
  const whole = speaker(wasm, 1, false);
  const x = tensor(Int32Array.of(1, 2), [1, 2]);
  const expected = await whole.predict(x);
  const weights = whole.getWeights();
  const zeros = weights.map(({ data, shape }) => ({ data: data.map(() => 0), shape }));
  const before = whole.predict(x);
  expect(() => whole.setWeights(zeros)).toThrow(
    /^setWeights: a call of .* has not ended; await it before setWeights\.$/,
  );
  expect(await before).toEqual(expected);
  whole.setWeights(zeros);
  expect(await whole.predict(x)).not.toEqual(expected);
  const set = () => whole.setWeights(weights);
  await whole.fit(x, x, { epochs: 1, verbose: 0, callbacks: [{ onBatchEnd: set, onEpochEnd: set }] });
  expect(whole.getWeights()).toEqual(weights);
});
