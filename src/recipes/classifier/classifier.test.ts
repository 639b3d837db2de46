import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, DataError, FormatError } from "../../errors.js";
import { modelFromBytes, modelToBytes } from "../../formats/index.js";
import { resolveOptions } from "../resolve-options.js";
import type { EpochReport, TrainingStart } from "../training-report.js";
import { type ClassifierResult, trainClassifier } from "./classifier.js";
import { type ClassifierData, loadClassifierData, loadTestData } from "./classifier-data.js";
import { classifierLayers } from "./classifier-layers.js";
import { asClassifier } from "./classifier-metadata.js";
import { type ClassifierOptions, classifierOptions } from "./classifier-options.js";
import { evaluateTexts, predictTexts } from "./predict-texts.js";
import { predictionLines } from "./prediction-view.js";
import { textBaseline } from "./text-baseline.js";

const tastes = ["dull", "fine", "odd"];
const texts = Array.from({ length: 60 }, (_, i) => `${tastes[i % 3]} scene number ${i}`);
const part = { texts, labels: Int32Array.from(texts, (_, i) => i % 3) };
const data: ClassifierData = {
  train: part,
  test: part,
  classNames: ["bad", "good", "so-so"],
  source: "here",
  splitOff: 0,
};
const small: Partial<ClassifierOptions> = {
  cell: "simpleRNN",
  encoder: "last",
  units: 6,
  embedding: 6,
  epochs: 8,
  batchSize: 4,
  learningRate: 0.02,
  decay: 1,
  dropout: 0,
  wordDropout: 0,
  validation: 0.2,
  patience: 0,
};

describe("trainClassifier", () => {
  let result: ClassifierResult;
  let started: TrainingStart | undefined;
  const epochs: EpochReport[] = [];
  let batches = 0;
  beforeAll(async () => {
    result = await trainClassifier(data, small, {
      onStart: (start) => {
        started = start;
      },
      onEpoch: (report) => epochs.push(report),
      onBatch: () => batches++,
    });
  });

  it("learns, and tells how it goes", () => {
    expect(result.test).toMatchObject({ accuracy: 1, macroF1: 1 });
    expect(result.scores.confusion).toEqual([
      [20, 0, 0],
      [0, 20, 0],
      [0, 0, 20],
    ]);
    expect(epochs).toEqual(result.history);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(batches).toBe(8 * (48 / 4));
    expect(started!.layers).toEqual([`embedding(${result.vocabulary.size}, 6)`, "simpleRNN(6)", "dense(3)"]);
    expect(started!.parameters).toBe(result.model.countParams());
  });

  it("keeps the epoch that was best on the validation part", async () => {
    const best = Math.max(...epochs.map(({ valAccuracy }) => valAccuracy!));
    expect(epochs[result.bestEpoch - 1]!.valAccuracy).toBe(best);
    const alone = await trainClassifier(data, { ...small, epochs: result.bestEpoch });
    expect(alone.model.getWeights()).toEqual(result.model.getWeights());
  });

  it("gives equal files for equal seeds", async () => {
    const again = await trainClassifier(data, small);
    expect(await modelToBytes(again.model, again.metadata)).toEqual(await modelToBytes(result.model, result.metadata));
  });

  it("leaves a model file that is enough to predict", async () => {
    const { model, metadata } = result;
    const loaded = asClassifier(await modelFromBytes(await modelToBytes(model, metadata), "m.tavali"), "m.tavali");
    const sentences = ["a fine scene number 3", "", "dull, really dull"];
    const predictions = await predictTexts(loaded, sentences);
    expect(predictions).toEqual(await predictTexts(result, sentences));
    expect(predictions[0]).toMatchObject({ label: "good", unknown: ["a", "3"] });
    for (const { label, probability, probabilities } of predictions) {
      expect(Object.keys(probabilities)).toEqual(data.classNames);
      expect(probabilities[label]).toBe(probability);
      expect(Math.max(...Object.values(probabilities))).toBe(probability);
    }
    expect(await predictTexts(loaded, [])).toEqual([]);
    expect(predictions.map(({ tokens }) => tokens)).toEqual([5, 0, 3]);
    expect(
      predictionLines(data.classNames, predictions, 80)
        .join("\n")
        .match(/nothing in it/g),
    ).toHaveLength(1);
  });

  it("predicts the same whatever other texts are beside", async () => {
    const alone = await predictTexts(result, ["fine"]);
    const together = await predictTexts(result, ["fine", "a much longer text than that one, with dull words"]);
    expect(together[0]).toEqual(alone[0]);
  });

  it("is measured on the classes by name, whatever their numbers", async () => {
    const turned = {
      texts,
      labels: part.labels.map((label) => (label + 1) % 3),
      classNames: ["so-so", "bad", "good"],
      source: "s",
    };
    expect(await evaluateTexts(result, turned)).toEqual(await evaluateTexts(result, { ...part, ...data, source: "s" }));
    await expect(evaluateTexts(result, { ...turned, classNames: ["spam", "ham", "good"] })).rejects.toThrow(
      'has the class "ham"; this model knows "bad", "good", "so-so"',
    );
    await expect(evaluateTexts(result, { ...turned, texts: [] })).rejects.toThrow(DataError);
  });

  it("has the loss in nats that its probabilities say", async () => {
    const { loss } = await evaluateTexts(result, { ...part, ...data });
    const predictions = await predictTexts(result, texts);
    const each = predictions.map(({ probabilities }, i) => -Math.log(probabilities[data.classNames[i % 3]!]!));
    expect(loss).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / texts.length, 12);
    expect(result.test.testLoss).toBe(loss);
  });

  it("ends at a signal and keeps the best of the finished epochs", async () => {
    const controller = new AbortController();
    const onEpoch = ({ epoch }: EpochReport) => epoch === 2 && controller.abort();
    const stopped = await trainClassifier(data, { ...small, epochs: 500 }, { onEpoch, signal: controller.signal });
    expect([stopped.history.length, stopped.interrupted]).toEqual([2, true]);
    expect(stopped.bestEpoch).toBeGreaterThan(0);
  });

  it("stops when validation no longer gets better", async () => {
    const { history, bestEpoch } = await trainClassifier(data, { ...small, epochs: 100, patience: 2 });
    expect(history.length).toBe(bestEpoch + 2);
  });

  it.each<Partial<ClassifierOptions>>([
    { encoder: "mean", optimizer: "adamw", measure: "loss" },
    { encoder: "max", optimizer: "rmsprop", clip: 0, measure: "macroF1" },
    { encoder: "attention", cell: "gru", bidirectional: true },
    { cell: "lstm", layers: 2, balanced: true },
    { pieces: "characters", bidirectional: true },
    { window: 2, dropout: 0.1, wordDropout: 0.1, recurrentDropout: 0.1 },
  ])("trains with %j", async (options) => {
    const { history } = await trainClassifier(data, { ...small, ...options });
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
  });

  it("says what is wrong with options and texts", async () => {
    await expect(trainClassifier(data, { units: 0 })).rejects.toThrow(ConfigError);
    await expect(trainClassifier({ ...data, train: { texts: ["a"], labels: Int32Array.of(0) } })).rejects.toThrow(
      "train has 1 text",
    );
    await expect(trainClassifier({ ...data, test: { texts, labels: Int32Array.of(0) } })).rejects.toThrow(
      "test has 60 texts and 1 labels",
    );
    const wrong = { texts: ["a", "b"], labels: Int32Array.of(0, 3) };
    await expect(trainClassifier({ ...data, train: wrong })).rejects.toThrow(
      "label 1 is 3; expected a whole number from 0 to 2",
    );
  });

  it("with balanced classes does not give rare ones up", async () => {
    // One text in ten is good, and nothing tells which: the prior is all there is to learn.
    const same = Array.from({ length: 100 }, () => "scene number one");
    const rare = { texts: same, labels: Int32Array.from(same, (_, i) => (i % 10 === 0 ? 1 : 0)) };
    const unbalanced = { ...data, train: rare, test: rare, classNames: ["bad", "good"] };
    const probabilityOfGood = async (balanced: boolean) => {
      const trained = await trainClassifier(unbalanced, { ...small, balanced, measure: "loss", batchSize: 80 });
      return (await predictTexts(trained, [same[0]!]))[0]!.probabilities.good!;
    };
    expect(await probabilityOfGood(false)).toBeLessThan(0.3);
    expect(await probabilityOfGood(true)).toBeGreaterThan(0.4);
  });
});

describe("trainClassifier with word vectors", () => {
  it("refuses vectors of other words", async () => {
    const vectors = () => ({ words: [], dimension: 3, vectors: new Float32Array(0) });
    await expect(trainClassifier({ ...data, vectors })).rejects.toThrow(
      /none of the \d+ words of the texts has a vector/,
    );
  });
  it("begins with the vectors of its words, whatever their order, and learns on", async () => {
    const words = ["fine", "unheard", "dull"];
    const vectors = Float32Array.from({ length: 9 }, (_, i) => (i + 1) / 10);
    const asked: string[][] = [];
    const given = {
      ...data,
      vectors: (wanted: ReadonlySet<string>) => {
        asked.push([...wanted]);
        return { words, dimension: 3, vectors };
      },
    };
    const still = { ...small, learningRate: 1e-7, epochs: 1 };
    const { model, vocabulary, metadata } = await trainClassifier(given, still);
    const [embedding] = model.getWeights();
    const row = (word: string) => [
      ...embedding!.data.slice(vocabulary.idOf(word)! * 3, vocabulary.idOf(word)! * 3 + 3),
    ];
    expect(asked[0]).toContain("dull");
    row("fine").forEach((value, i) => {
      expect(value).toBeCloseTo(vectors[i]!, 4);
    });
    row("dull").forEach((value, i) => {
      expect(value).toBeCloseTo(vectors[6 + i]!, 4);
    });
    expect(metadata.options.embedding).toBe(3);
    expect((await trainClassifier(given, small)).test.accuracy).toBe(1);
  });
});

describe("textBaseline", () => {
  it("is a bag of the words, or of the characters and their pairs, that the classifier reads", async () => {
    const words = await trainClassifier(data, { ...small, epochs: 1 });
    expect(textBaseline(data, words.vocabulary)).toEqual({ accuracy: 1, macroF1: 1 });
    const pairs = ["ab", "ba"].flatMap((text) => [text, text]);
    const ordered = { texts: pairs, labels: Int32Array.of(0, 0, 1, 1) };
    const named = { ...data, train: ordered, test: ordered, classNames: ["x", "y"] };
    const { vocabulary } = await trainClassifier(named, { ...small, epochs: 1, pieces: "characters", validation: 0.5 });
    expect(textBaseline(named, vocabulary).accuracy).toBe(1);
  });
});

describe("classifierLayers", () => {
  const types = (given: Partial<ClassifierOptions>) =>
    classifierLayers(100, 3, resolveOptions("test", classifierOptions, given)).map(({ type }) => type);
  it("are embedding, recurrent layers and dense, with what the options add between", () => {
    const plain = { cell: "simpleRNN", encoder: "last", dropout: 0, wordDropout: 0 } as const;
    expect(types(plain)).toEqual(["Embedding", "SimpleRNN", "Dense"]);
    expect(types({ ...plain, encoder: "mean" })).toEqual(["Embedding", "SimpleRNN", "GlobalAveragePooling1D", "Dense"]);
    expect(types({ ...plain, cell: "gru", encoder: "max" })).toEqual([
      "Embedding",
      "GRU",
      "GlobalMaxPooling1D",
      "Dense",
    ]);
    expect(types({ ...plain, cell: "lstm", layers: 2, encoder: "attention" })).toEqual([
      "Embedding",
      "LSTM",
      "LSTM",
      "AttentionPooling1D",
      "Dense",
    ]);
    expect(types({ ...plain, bidirectional: true })).toEqual(["Embedding", "Bidirectional", "Dense"]);
    expect(types({ ...plain, dropout: 0.5, wordDropout: 0.5 })).toEqual([
      "Embedding",
      "Dropout",
      "SimpleRNN",
      "Dropout",
      "Dense",
    ]);
  });
});

describe("asClassifier", () => {
  const labels = ["no", "yes", "maybe"];
  it.each([
    [{}, "it names no task"],
    [{ task: "tagging" }, 'this is no text classifier: it is for "tagging". Expected a text classifier'],
    [{ task: "songs" }, 'it is for "songs"'],
    [{ task: "classification", labels: ["one"] }, "metadata.labels must be a list of at least 2"],
    [{ task: "classification", labels: ["no", "no"], length: 5 }, "metadata.labels[1] must be different from [0]"],
    [{ task: "classification", labels, length: 0 }, "metadata.length must be a whole number from 1 to 10000"],
    [{ task: "classification", labels, length: 5, vocabulary: [] }, "metadata.vocabulary must be an object"],
  ])("refuses a model with the metadata %j", (metadata, message) => {
    const check = () => asClassifier({ model: undefined as never, metadata }, "m.tavali");
    expect(check).toThrow(FormatError);
    expect(check).toThrow(message);
  });
});

describe("loadClassifierData", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tavali-sentiment-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, rows: string[]) => {
    writeFileSync(path.join(folder, name), ["label,text", ...rows].join("\n"));
    return path.join(folder, name);
  };

  it("without a path is the built-in corpus, the same whatever the seed", async () => {
    const [one, two] = [
      await loadClassifierData(undefined, { seed: 1 }),
      await loadClassifierData(undefined, { seed: 2 }),
    ];
    expect(two).toEqual(one);
    expect((await loadTestData()).texts).toEqual(one.test.texts);
    await expect(loadClassifierData(undefined, { test: 0.1 })).rejects.toThrow("texts of your own");
  });

  it("sets a fifth aside where there is no test part, or the share asked for, of every class", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i < 10 ? "a" : "b"},text ${i}`);
    const one = file("one.csv", rows);
    const { train, test, splitOff } = await loadClassifierData(one);
    expect([train.texts.length, test.texts.length, splitOff]).toEqual([16, 4, 0.2]);
    expect([...test.labels]).toEqual([0, 0, 1, 1]);
    expect((await loadClassifierData(one, { test: 0.5 })).test.texts).toHaveLength(10);
    expect((await loadTestData(one)).texts).toHaveLength(20);
  });

  it("takes the test texts from a file of their own", async () => {
    const train = file("train.csv", ["a,x", "b,y", "a,z"]);
    const { test, splitOff, source } = await loadClassifierData(train, { test: file("test.csv", ["b,w"]) });
    expect([test.texts, [...test.labels], splitOff]).toEqual([["w"], [1], 0]);
    expect(source).toMatch(/train\.csv and .*test\.csv/);
    const strange = file("strange.csv", ["b,w", "c,v"]);
    await expect(loadClassifierData(train, { test: strange })).rejects.toThrow(
      /strange\.csv, row 3: the label "c" does not occur in .*train\.csv/,
    );
  });

  it("puts labels together into classes, and says how many texts belong to none", async () => {
    const stars = file("stars.csv", ["-2,a", "-1,b", "0,c", "1,d", "2,e"]);
    const classes = { negative: ["-2", "-1"], positive: ["1", "2"] };
    const { train, test, classNames, leftOut } = await loadClassifierData(stars, { classes, test: stars });
    expect([classNames, leftOut, [...train.labels], test.texts]).toEqual([
      ["negative", "positive"],
      2,
      [0, 0, 1, 1],
      ["a", "b", "d", "e"],
    ]);
    await expect(loadClassifierData(stars, { classes: { x: ["7"] } })).rejects.toThrow('the labels are "-2", "-1"');
    await expect(loadClassifierData(stars, { classes: { x: ["1"], y: ["1"] } })).rejects.toThrow("two classes");
  });

  it("needs two classes", async () => {
    const one = file("single.csv", ["pos,x", "pos,y"]);
    await expect(loadClassifierData(one)).rejects.toThrow('single.csv: the training texts have one class ("positive")');
  });
});
