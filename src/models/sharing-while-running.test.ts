import { describe, expect, it } from "vitest";
import { embedding, gru, input, lstm } from "../layers/index.js";
import { model } from "./functional.js";
import type { Model } from "./model.js";
import { sequential } from "./sequential.js";

const weightsOf = (given: Model) => given.getWeights().map(({ data }) => [...data]);

describe("calls that run while models come to share", () => {
  const join = (a: Model, b: Model) => {
    const start = input({ shape: a.inputShape.slice(1) });
    return model({ inputs: start, outputs: [a, b].map(({ layers }) => layers[0]!.apply(start)) });
  };
  const reader = (units: number) => sequential([gru(units, { inputShape: [null, 1] })], { seed: units });

  it("stay: the numbers of the other model move, or sharing is refused where both compute", async () => {
    const [small, large] = [reader(2), reader(30)];
    await large.predict([[[1]]]);
    await small.predict([[[1]]]);
    const [before, alone] = [weightsOf(small), await small.predict([[[1], [2]]])];
    const running = small.predict([[[1], [2]]]);
    const joined = join(small, large);
    expect(await running).toEqual(alone);
    expect(weightsOf(small)).toEqual(before);
    const results = await Promise.all([small, large, joined].map((each) => each.predict([[[1], [2]]])));
    expect(results[0]).toEqual(alone);
    expect(results[2]).toEqual(alone);
    const [c, d] = [reader(3), reader(4)];
    const both = [c.predict([[[1]]]), d.predict([[[1]]])];
    expect(() => join(c, d)).toThrow(/all of them are computing\. Await their calls/);
    await Promise.all(both);
    expect(() => join(c, d)).not.toThrow();
  });

  it("continue bit for bit if they train", async () => {
    const train = async (joins: boolean) => {
      const [a, b] = [reader(2).compile({ optimizer: "adam", loss: "meanSquaredError" }), reader(30)];
      await b.predict([[[1]]]);
      const onEpochEnd = () => {
        if (joins) join(a, b);
      };
      await a.fit(
        [[[1]], [[2]]],
        [
          [1, 2],
          [2, 3],
        ],
        { epochs: 4, batchSize: 1, verbose: 0, seed: 1, callbacks: [{ onEpochEnd }] },
      );
      return [weightsOf(a), a.optimizerState()];
    };
    expect(await train(true)).toEqual(await train(false));
  });

  it("report an error if they are steps of a stream, whose state continues in another", async () => {
    const [a, b] = [reader(2), reader(30)];
    await b.predict([[[1]]]);
    const stream = await a.stream();
    stream.step([1]);
    const other = reader(2);
    const whole = await other.stream();
    whole.step([1]);
    join(a, b);
    expect(() => stream.step([2])).toThrow(/next\.state = stream\.state/);
    const next = await a.stream();
    next.state = stream.state;
    expect(next.step([2])).toEqual(whole.step([2]));
  });

  it("wait for their turn: many calls of two models at once equal the same calls one by one", async () => {
    const words = embedding(9, 3, { inputShape: [null] });
    const [a, b] = [sequential([words, gru(3)], { seed: 1 }), sequential([words, lstm(2)], { seed: 2 })];
    const calls = Array.from(
      { length: 40 },
      (_, i) => () => [a, b][i % 2]!.predict([Array.from({ length: (i % 5) + 1 }, (_, t) => (i + t) % 9)]),
    );
    const alone = [];
    for (const call of calls) alone.push(await call());
    expect(await Promise.all(calls.map((call) => call()))).toEqual(alone);
  });
});

describe("a fit that was called and has not begun", () => {
  it("lets nobody set weights or the optimizer's state, and lets its callbacks do so", async () => {
    const trained = sequential([lstm(2, { inputShape: [null, 1] })], { seed: 1 });
    trained.compile({ optimizer: "adam", loss: "meanSquaredError" });
    const [x, y] = [[[[1], [2]]], [[0, 1]]];
    await trained.trainOnBatch(x, y);
    const [weights, state] = [trained.getWeights(), trained.optimizerState()!];
    const callbacks = [{ onTrainBegin: () => trained.setWeights(weights) }];
    const fitting = trained.fit(x, y, { verbose: 0, callbacks });
    expect(() => trained.setWeights(weights)).toThrow("await it before setWeights");
    expect(() => trained.setOptimizerState(state)).toThrow("await it before setOptimizerState");
    await fitting;
    trained.setWeights(weights);
    await expect(trained.fit(x, [[1]], { verbose: 0 })).rejects.toThrow();
    trained.setOptimizerState(state);
  });
});

describe("a call that was made and has not ended", () => {
  const x = [[[1], [2]]];
  const y = [[0, 1]];
  const batches = function* () {
    yield [x, y] as const;
  };
  const inputs = function* () {
    yield [x] as const;
  };
  const made = () => {
    const shared = lstm(2);
    const compiled = (): Model => sequential([shared]).compile({ optimizer: "adam", loss: "meanSquaredError" });
    return { one: compiled(), other: compiled() };
  };

  it.each<[string, (one: Model) => Promise<unknown>]>([
    ["fit", (one) => one.fit(x, y, { verbose: 0 })],
    ["fit on batches", (one) => one.fit(batches(), { verbose: 0 })],
    ["evaluate", (one) => one.evaluate(x, y, { verbose: 0 })],
    ["evaluate on batches", (one) => one.evaluate(batches(), { verbose: 0 })],
    ["predict", (one) => one.predict(x)],
    ["predict on batches", (one) => one.predict(inputs())],
    ["trainOnBatch", (one) => one.trainOnBatch(x, y)],
    ["testOnBatch", (one) => one.testOnBatch(x, y)],
    ["predictOnBatch", (one) => one.predictOnBatch(x)],
    ["run", (one) => one.run(x)],
  ])("%s: neither its model nor one with the same layers can be given numbers", async (_, call) => {
    const { one, other } = made();
    await other.trainOnBatch(x, y);
    await one.trainOnBatch(x, y);
    const setters = [one, other].flatMap((each) => {
      const [weights, state] = [each.getWeights(), each.optimizerState()!];
      return [() => each.setWeights(weights), () => each.setOptimizerState(state)];
    });
    const running = call(one);
    for (const set of setters) expect(set).toThrow(/has not ended; await it before set/);
    await running;
    for (const set of setters) expect(set).not.toThrow();
  });

  it("is counted once and ends once, though its model is built by it over layers that another has", async () => {
    const { one, other } = made();
    await other.predict(x);
    const weights = other.getWeights();
    await one.fit(batches(), { verbose: 0 });
    other.setWeights(weights);
    await expect(one.fit(x, [[1]], { verbose: 0 })).rejects.toThrow();
    other.setWeights(weights);
    const running = one.fit(batches(), { verbose: 0 });
    expect(() => other.setWeights(weights)).toThrow("await it before setWeights");
    await running;
  });
});

describe("what runs while the model is compiled anew", () => {
  const made = () =>
    sequential([gru(2, { inputShape: [null, 1] })], { seed: 1 }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
  const [x, y] = [
    [[[1]], [[2]]],
    [
      [1, 2],
      [2, 3],
    ],
  ];
  const again = { optimizer: "adam", loss: "meanAbsoluteError" } as const;

  it("continue unchanged: compile is refused until they have ended", async () => {
    const model = made();
    const calls = [
      () => model.evaluate(x, y),
      () => model.testOnBatch(x, y),
      () => model.fit(x, y, { epochs: 2, verbose: 0, seed: 1 }),
      () => model.trainOnBatch(x, y, { seed: 1 }),
    ];
    for (const call of calls) {
      const running = call();
      expect(() => model.compile(again)).toThrow(/"sequential" is being trained or evaluated; await fit/);
      await running;
    }
    await expect(model.evaluate(x, [[1]])).rejects.toThrow();
    const alone = made();
    await alone.fit(x, y, { epochs: 2, verbose: 0, seed: 1 });
    await alone.trainOnBatch(x, y, { seed: 1 });
    expect(weightsOf(model)).toEqual(weightsOf(alone));
    model.compile(again);
    expect(model.optimizerState()).toBeUndefined();
  });

  it("include a training, also in one of its callbacks", async () => {
    const model = made();
    const callbacks = [{ onEpochEnd: () => void model.compile(again) }];
    await expect(model.fit(x, y, { verbose: 0, callbacks })).rejects.toThrow(/compile again/);
    model.compile(again);
  });
});
