/** Better direction of numbers: metrics and losses declare it, callbacks use it. */
import { describe, expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { abs, equal, mean, type Node, sub } from "../equations/index.js";
import { dense } from "../layers/index.js";
import { losses } from "../losses/index.js";
import { resolveLoss } from "../losses/resolve-loss.js";
import { betterOf, defineMetric, type MetricLike, metrics, resolveMetric } from "../metrics/index.js";
import { modelFromConfig, sequential } from "../models/index.js";
import type { Callback } from "./callbacks.js";
import { earlyStopping } from "./early-stopping.js";
import { memorySink } from "./log-sink.js";
import type { Logs } from "./logs.js";
import { modelCheckpoint } from "./model-checkpoint.js";
import { reduceLROnPlateau } from "./reduce-lr-on-plateau.js";
import { runLog } from "./run-log.js";

const x = [[0], [1], [2], [3], [4], [5]];
const y = [0, 1, 0, 1, 0, 1];
const matches = defineMetric({
  name: "matches",
  options: {},
  better: "higher",
  perSample: (yTrue, yPred) => mean(equal(yTrue, yPred), [-1]),
});
const distance = defineMetric({
  name: "distance",
  options: { scale: 1 },
  better: "lower",
  perSample: (yTrue, yPred, { scale }) => sub(mean(abs(sub(yTrue, yPred)), [-1]), scale - 1),
});

const compiled = (metrics: readonly MetricLike[]) =>
  sequential([dense(1, { inputShape: [1] })], { engine: referenceEngine, seed: 1 }).compile({ loss: "mse", metrics });

/** Trains with a number of the validation replaced by these, epoch by epoch. */
async function train(metrics: readonly MetricLike[], name: string, values: readonly number[], callback: Callback) {
  const model = compiled(metrics);
  let tests = 0;
  const testStep = model.trainer.testStep.bind(model.trainer);
  model.trainer.testStep = async (...given) => {
    const step = await testStep(...given);
    const value = values[tests++]!;
    return {
      ...step,
      totals: step.totals.map((sums) =>
        sums.name === name ? { name, sums: sums.sums.map((_, i) => (i === 0 ? value : 1)) } : sums,
      ),
    };
  };
  const weights: number[] = [];
  const { history } = await model.fit(x, y, {
    epochs: values.length,
    validationData: [x, y],
    callbacks: [{ onEpochEnd: () => void weights.push(model.getWeights()[0]!.data[0]!), reports: {} }, callback],
    verbose: 0,
    seed: 1,
  });
  return { model, weights, history, kept: weights.indexOf(model.getWeights()[0]!.data[0]!) };
}

describe("mode auto", () => {
  it("keeps the epoch with the best value of a metric, whatever it is called", async () => {
    const best = { restoreBestWeights: true, patience: 5 };
    for (const metric of [matches(), matches({ name: "cost" }), { type: "binaryAccuracy", name: "f1Error" }]) {
      const { name } = resolveMetric(metric);
      const monitor = `val${name[0]!.toUpperCase()}${name.slice(1)}`;
      const { kept } = await train([metric], name, [0.1, 0.9, 0.5], earlyStopping({ ...best, monitor }));
      expect(kept, name).toBe(1);
    }
    for (const metric of [distance(), distance({ name: "accuracy" }), { type: "mae", name: "recall" }]) {
      const { name } = resolveMetric(metric);
      const monitor = `val${name[0]!.toUpperCase()}${name.slice(1)}`;
      const { kept } = await train([metric], name, [0.9, 0.1, 0.5], earlyStopping({ ...best, monitor }));
      expect(kept, name).toBe(1);
    }
  });

  it("takes a higher F1 as better: for the epochs that are saved, and the rate that is lowered", async () => {
    const saved: string[] = [];
    const keep = modelCheckpoint("{epoch}", (path) => void saved.push(path), {
      monitor: "valMatches",
      saveBestOnly: true,
    });
    await train([matches()], "matches", [0.2, 0.5, 0.4, 0.6], keep);
    expect(saved).toEqual(["1", "2", "4"]);
    const { history } = await train(
      [matches()],
      "matches",
      [0.2, 0.5, 0.4, 0.6],
      reduceLROnPlateau({ monitor: "valMatches", patience: 1 }),
    );
    expect(history.learningRate!.map((rate) => rate / history.learningRate![0]!)).toEqual([1, 1, 1, 0.1]);
  });

  it("knows every built-in metric, and a lower loss", () => {
    const higher = /accuracy|precision|recall|f1|auc/i;
    for (const name of Object.keys(metrics)) {
      expect(betterOf(resolveMetric(name)), name).toBe(higher.test(name) ? "higher" : "lower");
    }
    expect(betterOf(resolveMetric("accuracy"))).toBe("higher");
    for (const name of Object.keys(losses)) {
      expect(betterOf(resolveMetric(name)), name).toBe("lower");
      expect(betterOf(resolveLoss(name)), name).toBe("lower");
    }
  });

  it("is refused where the better direction is not known", async () => {
    const silent = { name: "f1", config: { type: "f1" }, perSample: matches().perSample };
    const options = { epochs: 1, verbose: 0 } as const;
    const stopping = (mode?: "max") => ({
      ...options,
      callbacks: [earlyStopping({ monitor: "f1", ...(mode && { mode }) })],
    });
    await expect(compiled([silent]).fit(x, y, stopping())).rejects.toThrow(
      /not known whether .* "f1".*mode: "min" or "max"/,
    );
    await compiled([silent]).fit(x, y, stopping("max"));
  });
});

describe("a number that is not reported", () => {
  const fails = (callbacks: Callback[], message: RegExp, metrics: readonly MetricLike[] = ["accuracy"]) => {
    const model = compiled(metrics);
    const before = model.getWeights();
    return expect(model.fit(x, y, { callbacks, validationSplit: 0.5, verbose: 0 }))
      .rejects.toThrow(message)
      .then(() => expect(model.getWeights()).toEqual(before));
  };
  const known = /there is no "valAcc" to monitor; this training reports loss, accuracy, valLoss, valAccuracy/;

  it("is refused before training, with a list of the reported numbers", async () => {
    const save = () => {};
    await fails([earlyStopping({ monitor: "valAcc" })], known);
    await fails([earlyStopping({ monitor: "valAcc", mode: "max" })], known);
    await fails([reduceLROnPlateau({ monitor: "valAcc" })], known);
    await fails([modelCheckpoint("a", save, { monitor: "valAcc", saveBestOnly: true })], known);
    await fails([modelCheckpoint("{valAcc}", save)], /placeholder "valAcc"; known are epoch, batch, loss, accuracy/);
    await fails([modelCheckpoint("a", save, { saveBestOnly: true, saveFreq: 1 })], /saveFreq 1 .* no "valLoss" yet/);
  });

  it("may be one that a callback adds", async () => {
    const seen: Logs[] = [];
    const add = { onEpochEnd: (epoch: number) => ({ f1: [0.5, 0.9, 0.1][epoch]! }) };
    const learn = (...callbacks: Callback[]) =>
      compiled([]).fit(x, y, {
        epochs: 3,
        verbose: 0,
        callbacks: [...callbacks, { onEpochEnd: (_, logs) => void seen.push(logs) }],
      });
    const stopping = { monitor: "f1", patience: 1 } as const;
    expect((await learn({ ...add, reports: { f1: "higher" } }, earlyStopping(stopping))).epoch).toEqual([0, 1, 2]);
    expect((await learn({ ...add, reports: { f1: "lower" } }, earlyStopping(stopping))).epoch).toEqual([0, 1]);
    expect((await learn(add, earlyStopping({ ...stopping, mode: "min" }))).epoch).toEqual([0, 1]);
    await expect(learn(add, earlyStopping(stopping))).rejects.toThrow(/no "f1".*reports: { f1: "higher" }/);
    await expect(learn(add, earlyStopping({ monitor: "f2", mode: "min" }))).rejects.toThrow(/no "f2".*loss, f1/);
  });
});

describe("a custom metric", () => {
  it("is measured, has options, and comes back from a config", async () => {
    const model = compiled([distance({ scale: 3, name: "far" }), matches()]);
    const logs = await model.evaluate(x, y);
    const again = modelFromConfig(
      JSON.parse(JSON.stringify(model.toConfig())),
      { engine: referenceEngine },
      { metrics: { distance, matches } },
    );
    again.setWeights(model.getWeights());
    expect(await again.evaluate(x, y)).toEqual(logs);
    expect(logs.far).toBeCloseTo((await compiled(["mae"]).evaluate(x, y)).mae! - 2, 10);
    expect(() => modelFromConfig(model.toConfig())).toThrow(/Unknown metric "distance".*loadModel\(path, { metrics:/);
    expect(() => distance({ scal: 1 } as never)).toThrow('no option "scal"; did you mean scale?');
    const body = { options: {}, perSample: (yTrue: Node) => yTrue };
    expect(() => defineMetric({ ...body, name: "auc", better: "lower" })).toThrow(/built-in/);
    expect(() => defineMetric({ ...body, name: "x" } as never)).toThrow(/better: "lower" or "higher"/);
  });
});

describe("a run's log", () => {
  it("contains the better direction of each number", async () => {
    const log = memorySink();
    await train([matches()], "matches", [1], runLog(log));
    expect(JSON.parse(log.text.split("\n")[0]!).better).toEqual({
      loss: "lower",
      matches: "higher",
      valLoss: "lower",
      valMatches: "higher",
    });
  });
});
