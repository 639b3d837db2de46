import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, DataError, FormatError } from "../errors.js";
import { modelFromBytes, modelToBytes } from "../formats/index.js";
import { resolveOptions } from "./option-schema.js";
import { evaluateSentiment, predictSentiment } from "./predict-sentiment.js";
import { type SentimentResult, sentimentLayers, trainSentiment } from "./sentiment.js";
import { loadSentimentData, loadTestData, type SentimentData } from "./sentiment-data.js";
import { asSentiment } from "./sentiment-metadata.js";
import { type SentimentOptions, sentimentOptions } from "./sentiment-options.js";
import type { EpochReport, TrainingStart } from "./training-report.js";

const texts = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? `dull scene number ${i}` : `fine scene number ${i}`));
const part = { texts, labels: Int32Array.from(texts, (_, i) => i % 2) };
const data: SentimentData = {
  train: part,
  test: part,
  classNames: ["negative", "positive"],
  source: "here",
  splitOff: false,
};
const small = {
  units: 4,
  embedding: 4,
  epochs: 6,
  batchSize: 4,
  learningRate: 0.03,
  decay: 1,
  dropout: 0,
  patience: 0,
};

describe("trainSentiment", () => {
  let result: SentimentResult;
  let started: TrainingStart | undefined;
  const epochs: EpochReport[] = [];
  let batches = 0;
  beforeAll(async () => {
    result = await trainSentiment(data, small, {
      onStart: (start) => {
        started = start;
      },
      onEpoch: (report) => epochs.push(report),
      onBatch: () => batches++,
    });
  });

  it("learns, and tells how it goes", () => {
    expect(result.test.accuracy).toBe(1);
    expect(epochs).toEqual(result.history);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(batches).toBe(6 * (32 / 4));
    expect(started!.layers).toEqual([`embedding(${result.vocabulary.size}, 4)`, "simpleRNN(4)", "dense(1)"]);
    expect(started!.parameters).toBe(result.model.countParams());
  });

  it("keeps the epoch that was best on the validation part", async () => {
    const best = Math.max(...epochs.map(({ validationAccuracy }) => validationAccuracy!));
    expect(epochs[result.bestEpoch - 1]!.validationAccuracy).toBe(best);
    const alone = await trainSentiment(data, { ...small, epochs: result.bestEpoch });
    expect(alone.model.getWeights()).toEqual(result.model.getWeights());
  });

  it("gives equal files for equal seeds", async () => {
    const again = await trainSentiment(data, small);
    expect(await modelToBytes(again.model, again.metadata)).toEqual(await modelToBytes(result.model, result.metadata));
  });

  it("leaves a model file that is enough to predict", async () => {
    const { model, metadata } = result;
    const loaded = asSentiment(await modelFromBytes(await modelToBytes(model, metadata), "m.tavali"), "m.tavali");
    const sentences = ["a fine scene number 3", "", "dull, really dull"];
    const predictions = await predictSentiment(loaded, sentences);
    expect(predictions).toEqual(await predictSentiment(result, sentences));
    expect(predictions[0]).toMatchObject({ label: "positive", unknownWords: ["a"] });
    for (const { probability, score } of predictions) expect(probability).toBe(Math.max(score, 1 - score));
    expect(await predictSentiment(loaded, [])).toEqual([]);
  });

  it("predicts the same whatever other texts are beside", async () => {
    const alone = await predictSentiment(result, ["fine"]);
    const together = await predictSentiment(result, ["fine", "a much longer text than that one, with dull words"]);
    expect(together[0]).toEqual(alone[0]);
  });

  it("is measured on the classes by name, whatever their numbers", async () => {
    const { texts: all, labels } = part;
    const swapped = {
      texts: all,
      labels: labels.map((label) => 1 - label),
      classNames: ["positive", "negative"],
      source: "s",
    };
    expect(await evaluateSentiment(result, swapped)).toEqual(
      await evaluateSentiment(result, { ...part, ...data, source: "s" }),
    );
    await expect(evaluateSentiment(result, { ...swapped, classNames: ["spam", "ham"] })).rejects.toThrow(
      'has the class "ham"; this model knows "negative" and "positive"',
    );
    await expect(evaluateSentiment(result, { ...swapped, texts: [] })).rejects.toThrow(DataError);
  });

  it("ends at a signal and keeps the best of the finished epochs", async () => {
    const controller = new AbortController();
    const onEpoch = ({ epoch }: EpochReport) => epoch === 2 && controller.abort();
    const stopped = await trainSentiment(data, { ...small, epochs: 500 }, { onEpoch, signal: controller.signal });
    expect([stopped.history.length, stopped.interrupted]).toEqual([2, true]);
    expect(stopped.bestEpoch).toBeGreaterThan(0);
  });

  it("stops when validation no longer gets better", async () => {
    const { history, bestEpoch } = await trainSentiment(data, { ...small, epochs: 100, patience: 2 });
    expect(history.length).toBe(bestEpoch + 2);
  });

  it.each<Partial<SentimentOptions>>([
    { encoder: "mean" },
    { encoder: "max", optimizer: "rmsprop", clip: 0 },
    { window: 2, dropout: 0.3, wordDropout: 0.2, recurrentDropout: 0.2 },
  ])("trains with %j", async (options) => {
    const { history } = await trainSentiment(data, { ...small, ...options });
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
  });

  it("says what is wrong with options and texts", async () => {
    await expect(trainSentiment(data, { units: 0 })).rejects.toThrow(ConfigError);
    await expect(trainSentiment({ ...data, train: { texts: ["a"], labels: Int32Array.of(0) } })).rejects.toThrow(
      "train has 1 texts",
    );
    await expect(trainSentiment({ ...data, test: { texts, labels: Int32Array.of(0) } })).rejects.toThrow(
      "test has 40 texts and 1 labels",
    );
    const wrong = { texts: ["a", "b"], labels: Int32Array.of(0, 2) };
    await expect(trainSentiment({ ...data, train: wrong })).rejects.toThrow("train label 1 is 2; expected 0 or 1");
  });
});

describe("sentimentLayers", () => {
  const types = (given: Partial<SentimentOptions>) =>
    sentimentLayers(100, resolveOptions("test", sentimentOptions, given)).map(({ type }) => type);
  it("are embedding, simpleRNN and dense, with what the options add between", () => {
    expect(types({})).toEqual(["Embedding", "SimpleRNN", "Dense"]);
    expect(types({ encoder: "mean" })).toEqual(["Embedding", "SimpleRNN", "GlobalAveragePooling1D", "Dense"]);
    expect(types({ encoder: "max" })).toEqual(["Embedding", "SimpleRNN", "GlobalMaxPooling1D", "Dense"]);
    expect(types({ wordDropout: 0.5 })).toEqual(["Embedding", "Dropout", "SimpleRNN", "Dense"]);
  });
});

describe("asSentiment", () => {
  const labels = ["no", "yes"];
  it.each([
    [{}, "it names no task"],
    [{ task: "tagging" }, 'it is for "tagging"'],
    [{ task: "sentiment", labels: ["one"] }, "two classes"],
    [{ task: "sentiment", labels, length: 0 }, "how many words"],
    [{ task: "sentiment", labels, length: 5, vocabulary: [] }, "vocabulary"],
  ])("refuses a model with the metadata %j", (metadata, message) => {
    const check = () => asSentiment({ model: undefined as never, metadata }, "m.tavali");
    expect(check).toThrow(FormatError);
    expect(check).toThrow(message);
  });
});

describe("loadSentimentData", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tavali-sentiment-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, rows: string[]) => {
    writeFileSync(path.join(folder, name), ["label,text", ...rows].join("\n"));
    return path.join(folder, name);
  };

  it("without a path is the built-in corpus, the same whatever the seed", async () => {
    const [one, two] = [await loadSentimentData(undefined, 1), await loadSentimentData(undefined, 2)];
    expect(two).toEqual(one);
    expect((await loadTestData(undefined)).texts).toEqual(one.test.texts);
  });

  it("sets a fifth aside where there is no test part", async () => {
    const rows = Array.from({ length: 10 }, (_, i) => `${i % 2},text ${i}`);
    const { train, test, splitOff } = await loadSentimentData(file("one.csv", rows), 1);
    expect([train.texts.length, test.texts.length, splitOff]).toEqual([8, 2, true]);
    expect((await loadTestData(path.join(folder, "one.csv"))).texts).toHaveLength(10);
  });

  it("needs two classes", async () => {
    const three = file("three.csv", ["a,x", "b,y", "c,z"]);
    await expect(loadSentimentData(three, 1)).rejects.toThrow('the training texts have 3 ("a", "b", "c")');
    const one = file("single.csv", ["pos,x", "pos,y"]);
    await expect(loadSentimentData(one, 1)).rejects.toThrow('the training texts have 1 ("positive")');
  });
});
