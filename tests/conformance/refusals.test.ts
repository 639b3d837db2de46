/** Refusals at the limits of options: what is just allowed passes, what is just beyond it is refused. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.js";
import { add, concat, input, variable } from "../../src/equations/index.js";
import { ConfigError, ShapeError } from "../../src/errors.js";
import { canonicalJson } from "../../src/formats/canonical-json.js";
import { continueTokens } from "../../src/generation/index.js";
import { referenceEngine } from "../../src/index.js";
import { dense, embedding, input as layerInput, lstm } from "../../src/layers/index.js";
import { metrics } from "../../src/metrics/index.js";
import { model as functional, sequential } from "../../src/models/index.js";
import { optimizers } from "../../src/optimizers/index.js";
import { tensor } from "../../src/tensor/tensor.js";
import { learningRateScheduler } from "../../src/training/index.js";

const engine = referenceEngine;

describe("optimizers", () => {
  const withEpsilon = Object.entries(optimizers).filter(([, make]) => "epsilon" in make().config);
  it("that have an epsilon are found", () => {
    expect(withEpsilon.map(([name]) => name).sort()).toEqual(
      ["adadelta", "adagrad", "adam", "adamax", "adamw", "nadam", "rmsprop"].sort(),
    );
  });
  it.each(withEpsilon)("%s refuses an epsilon that is not positive", (name, make) => {
    for (const epsilon of [0, -1e-7, Number.NaN]) {
      expect(() => make({ epsilon } as never)).toThrow(`${name}: epsilon must be a positive number`);
    }
    expect(make({ epsilon: 1e-20 } as never).config.epsilon).toBe(1e-20);
  });
  // Numbers that must be at least 0 and below 1, whatever they are called.
  const shares = Object.entries(optimizers).flatMap(([name, make]) =>
    ["momentum", "rho", "beta1", "beta2"]
      .filter((key) => key in make().config)
      .map((key) => [name, key, make] as const),
  );
  it.each(shares)("%s refuses %s of 1 and of less than 0", (name, key, make) => {
    for (const value of [1, -0.1]) expect(() => make({ [key]: value } as never)).toThrow(`${name}: ${key} must be`);
    expect(make({ [key]: 0 } as never).config[key]).toBe(0);
  });
});

it("top-k accuracies take k = 1, and refuse 0", () => {
  for (const name of ["topKCategoricalAccuracy", "sparseTopKCategoricalAccuracy"] as const) {
    expect(metrics[name]({ k: 1 }).config).toEqual({ type: name, k: 1 });
    expect(() => metrics[name]({ k: 0 })).toThrow(ConfigError);
  }
});

it("an update of another shape than its variable does not compile", () => {
  const [w, x] = [variable("w", [2]), input("x", [1])];
  const equations = { name: "grows", inputs: { x }, outputs: {}, updates: [[w, concat([w, x], 0)]] as const };
  expect(() => compile(equations)).toThrow(ShapeError);
  expect(() => compile(equations)).toThrow('compile: variable "w" is [2], its new value [3].');
  const notVariable = { name: "no variable", inputs: { x }, outputs: {}, updates: [[x, add(x, 1)]] as const };
  expect(() => compile(notVariable)).toThrow(ConfigError);
});

it("JSON of 100 levels is written, of 101 refused", () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect(canonicalJson(nested(100), "x")).toHaveLength(201);
  expect(() => canonicalJson(nested(101), "x")).toThrow("nested more than 100 levels deep");
});

describe("generation", () => {
  const language = () =>
    sequential([embedding(5, 3), lstm(4, { returnSequences: true }), dense(5)], { engine, seed: 1 }).build([
      null,
      null,
    ]);
  it.each([0, -1, 1.5])("refuses %s beams", async (beams) => {
    await expect(continueTokens(language(), [1], { length: 2, fromLogits: true, beams })).rejects.toThrow(
      "continueTokens: beams must be a whole number from 1",
    );
  });
  it("continues with one beam and with two", async () => {
    for (const beams of [1, 2]) {
      const { tokens } = await continueTokens(language(), [1], { length: 2, fromLogits: true, beams });
      expect(tokens).toHaveLength(2);
    }
  });
  it("refuses a model that reads no ids, and one that has no number for each token", async () => {
    const readsVectors = sequential([lstm(4, { returnSequences: true }), dense(5)], { engine }).build([null, null, 3]);
    const saysOnce = sequential([embedding(5, 3), lstm(4), dense(5)], { engine }).build([null, null]);
    for (const model of [readsVectors, saysOnce]) {
      await expect(continueTokens(model, [1], { length: 2 })).rejects.toThrow("generation: a language model reads ids");
    }
  });
});

it("class weights need a model with one output", async () => {
  const x = layerInput({ shape: [2], name: "x" });
  const outputs = [dense(2, { activation: "softmax", name: "a" }).apply(x), dense(1, { name: "b" }).apply(x)];
  const two = functional({ inputs: x, outputs }, { engine }).compile({
    loss: ["sparseCategoricalCrossentropy", "meanSquaredError"],
  });
  const y = [tensor(Int32Array.of(0, 1)), tensor([[1], [2]])];
  const fit = two.fit(
    [
      [1, 2],
      [3, 4],
    ],
    y,
    { classWeight: { 0: 1, 1: 2 }, verbose: 0 },
  );
  await expect(fit).rejects.toThrow("fit: classWeight needs a model with one output; give sampleWeight.");
});

describe("learningRateScheduler", () => {
  const train = (schedule: () => number) => {
    const model = sequential([dense(1, { inputShape: [1] })], { engine }).compile({ loss: "meanSquaredError" });
    return model.fit([[1]], [[1]], { epochs: 1, verbose: 0, callbacks: [learningRateScheduler(schedule)] });
  };
  it.each([-0.1, Number.NaN, Infinity, "0.1" as never])("refuses a rate of %s", async (rate) => {
    await expect(train(() => rate)).rejects.toThrow(
      "learningRateScheduler: the rate that the schedule gives in epoch 1",
    );
  });
  it("takes a rate of 0", async () => {
    expect((await train(() => 0)).history.learningRate).toEqual([0]);
  });
});
