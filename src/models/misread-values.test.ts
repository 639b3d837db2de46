import { afterEach, describe, expect, it, vi } from "vitest";
import { loadModel, saveModel } from "../formats/index.js";
import { concatenate, input, model, sequential } from "../index.js";
import { dense } from "../layers/index.js";
import type { FitOptions, Model } from "./index.js";

const x = [
  [1, 2],
  [3, 4],
];

function made(
  loss: string,
  activation: "linear" | "tanh" | "relu" | "sigmoid" = "linear",
  metrics: string[] = [],
): Model {
  const one = sequential([dense(1, { inputShape: [2], activation } as never)], { seed: 1 });
  one.compile({ optimizer: "sgd", loss: loss as never, metrics: metrics as never });
  return one;
}
const trainOn = (options: object) =>
  made("meanSquaredError").fit(x, [[1], [0]], { verbose: 0, ...options } as FitOptions);

describe("values that no 32-bit number holds", () => {
  it("are refused as weights of examples and classes, and as their sum", async () => {
    await expect(trainOn({ sampleWeight: [1e308, 1] })).rejects.toThrow(/sampleWeight.*1e\+308/);
    await expect(trainOn({ sampleWeight: [3e38, 3e38] })).rejects.toThrow(/the weights sum to 6/);
    await expect(trainOn({ classWeight: { 0: 1e308 } })).rejects.toThrow(/classWeight\[0\] is 1e\+308/);
    await expect(trainOn({ classWeight: { 0: 3e38, 1: 3e38 } })).rejects.toThrow(/classWeight: the weights sum to/);
  });
});

describe("errors", () => {
  it("begin with the call they come from", async () => {
    const one = made("meanSquaredError");
    const options = { classWeight: { 0.5: 1 } } as object;
    await expect(one.evaluate(x, [[1], [0]], options)).rejects.toThrow(/^evaluate: classWeight/);
    await expect(one.testOnBatch(x, [[1], [0]], options)).rejects.toThrow(/^testOnBatch: classWeight/);
    await expect(trainOn(options)).rejects.toThrow(/^fit: classWeight/);
  });

  it("count in plain English and say a name once", async () => {
    const [p, q] = [input({ shape: [2], name: "p" }), input({ shape: [2], name: "q" })];
    const two = model({ inputs: { p, q }, outputs: concatenate().apply([p, q]) } as never);
    await expect(two.predict({ p: [[1, 2]], q: x })).rejects.toThrow(
      'x "q": the first input has 1 example, but this is [2, 2]; give one row per example.',
    );
  });

  it("name the expected argument where a class, an argument too many or a model is given", async () => {
    class Mine {}
    await expect(trainOn({ callbacks: [Mine] })).rejects.toThrow(/class Mine.*new Mine\(\)/);
    const one = made("meanSquaredError") as unknown as { predictOnBatch(...given: unknown[]): Promise<unknown> };
    await expect(one.predictOnBatch(x, { batchSize: 2 })).rejects.toThrow(/no option "batchSize"/);
    await expect(saveModel("m.tavali" as never, made("meanSquaredError") as never)).rejects.toThrow(
      "saveModel: path is a model; expected a text. The order is saveModel(model, path).",
    );
    await expect(loadModel(made("meanSquaredError") as never)).rejects.toThrow("The order is loadModel(path).");
  });
});

describe("predictions and labels that a loss or metric cannot read", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(["hinge", "squaredHinge"])("are refused by %s, whose labels are −1, 0 and 1", async (loss) => {
    await expect(made(loss, "tanh").evaluate(x, [[5], [1]])).rejects.toThrow(/outside -1 … 1.*Give labels -1 and 1/);
    for (const labels of [
      [-1, 1],
      [0, 1],
    ]) {
      await expect(
        made(loss, "tanh").evaluate(
          x,
          labels.map((label) => [label]),
        ),
      ).resolves.toBeDefined();
    }
  });

  it.each(["tanh", "relu", "linear"] as const)(
    "are warned of once: %s under binaryCrossentropy",
    async (activation) => {
      const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
      const one = made("binaryCrossentropy", activation);
      await one.evaluate(x, [[1], [0]]);
      await one.evaluate(x, [[1], [0]]);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn.mock.calls[0]![0]).toMatch(/binaryCrossentropy reads probabilities/);
    },
  );

  it.each(["perplexity", "bitsPerCharacter"])("are warned of once: %s beside meanSquaredError", async (metric) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await made("meanSquaredError", "linear", [metric]).evaluate(x, [[1], [0]]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/has one unit, so its number means nothing/);
  });
});
