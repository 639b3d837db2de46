import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataError, FormatError } from "../../errors.js";
import { modelFromBytes, modelToBytes } from "../../formats/index.js";
import type { TrainingState } from "../../training/index.js";
import { resolveOptions } from "../resolve-options.js";
import type { EpochReport } from "../training-report.js";
import { evaluateLanguageModel, evaluateTokens } from "./evaluate-language.js";
import { generateText } from "./generate-text.js";
import { inspectLanguageModel } from "./inspect-language.js";
import { encodeText, type LanguageData, languageData } from "./language-data.js";
import { asLanguageModel } from "./language-metadata.js";
import { type LanguageResult, languageNetwork, trainLanguageModel } from "./language-model.js";
import { type LanguageOptions, languageOptions } from "./language-options.js";
import { scoreText } from "./score-text.js";

const verse = "the cat sat on the mat, the dog ran to the fog.\n";
const data: LanguageData = { text: () => verse.repeat(80), source: "verse" };
const small: Partial<LanguageOptions> = {
  units: 24,
  epochs: 8,
  batchSize: 8,
  window: 24,
  learningRate: 0.02,
  dropout: 0,
};
const optionsFor = (given: Partial<LanguageOptions> = {}) => resolveOptions("test", languageOptions, given);

describe("trainLanguageModel", () => {
  let lm: LanguageResult;
  const epochs: EpochReport[] = [];
  beforeAll(async () => {
    lm = await trainLanguageModel(data, small, { onEpoch: (report) => epochs.push(report) });
  });

  it("learns a text by heart, and tells how it goes", async () => {
    expect(lm.test.testLoss).toBeLessThan(0.15);
    expect(lm.test.perplexity).toBeCloseTo(Math.exp(lm.test.testLoss), 12);
    expect(lm.test.bitsPerCharacter).toBeCloseTo(lm.test.testLoss / Math.LN2, 12);
    expect(epochs).toEqual(lm.history);
    expect(epochs[lm.bestEpoch - 1]!.valLoss).toBe(Math.min(...epochs.map((one) => one.valLoss)));
    const { text } = await generateText(lm, { prompt: "the c", length: 43, temperature: 0 });
    expect(`the c${text}`).toBe(verse);
  });

  it("is measured on the whole test part with all that came before", async () => {
    const { test, codec } = await encodeText(data, lm.metadata.options);
    const x = { data: test.subarray(0, -1), shape: [1, test.length - 1] };
    const y = { data: test.subarray(1), shape: [1, test.length - 1] };
    const { loss } = await lm.model.evaluate(x, y);
    expect(lm.test.testLoss).toBeCloseTo(loss!, 5);
    expect(codec.decode(test)).toBe(verse.repeat(8));
    const judged = await evaluateLanguageModel(lm, verse.repeat(8), "verse");
    expect(judged).toMatchObject({ testLoss: lm.test.testLoss, count: 8 * verse.length, unknown: 0 });
  });

  it("gives equal files for equal seeds, and goes on from a checkpoint to the same one", async () => {
    const bytes = await modelToBytes(lm.model, lm.metadata);
    const states: TrainingState[] = [];
    const checkpoint = { every: { steps: 9 }, save: (state: TrainingState) => void states.push(state) };
    const again = await trainLanguageModel(data, small, { checkpoint });
    expect(await modelToBytes(again.model, again.metadata)).toEqual(bytes);
    const resumed = await trainLanguageModel(data, small, { resume: states[2]! });
    expect(await modelToBytes(resumed.model, resumed.metadata)).toEqual(bytes);
  });

  it("leaves a model file that is enough to generate, score and inspect", async () => {
    const bytes = await modelToBytes(lm.model, lm.metadata);
    const loaded = asLanguageModel(await modelFromBytes(bytes, "m.tavali"), "m.tavali");
    const options = { prompt: "the", length: 30, temperature: 1.3, topK: 5, topP: 0.9, seed: 3 };
    expect(await generateText(loaded, options)).toEqual(await generateText(lm, options));
    expect(await scoreText(loaded, "the mat")).toEqual(await scoreText(lm, "the mat"));
    const { tokens, following, inspection } = await inspectLanguageModel(loaded, "the");
    expect([tokens, following]).toEqual([
      ["\n", "t", "h"],
      ["t", "h", "e"],
    ]);
    const scored = await scoreText(loaded, "the");
    inspection.stepLosses!.forEach((loss, i) => {
      expect(Math.exp(-loss)).toBeCloseTo(scored.tokens[i]!.probability, 4);
    });
  });

  it("keeps the best finished epoch when it is interrupted", async () => {
    const stop = new AbortController();
    const onEpoch = ({ epoch }: EpochReport) => void (epoch === 2 && stop.abort());
    const cut = await trainLanguageModel(data, small, { signal: stop.signal, onEpoch });
    expect(cut).toMatchObject({ interrupted: true, bestEpoch: 2 });
    expect(cut.history).toEqual(lm.history.slice(0, 2).map((report) => ({ ...report, seconds: expect.any(Number) })));
  });

  it.each<[string, Partial<LanguageOptions>]>([
    ["words, tied, with a state of another length", { level: "words", tied: true, embedding: 12, cell: "gru" }],
    ["pieces, with dropout", { level: "pieces", vocabulary: 280, dropout: 0.05, epochs: 12 }],
    ["words, two layers", { level: "words", layers: 2 }],
    ["characters with vectors, a plain cell", { embedding: 8, cell: "simpleRNN", optimizer: "rmsprop" }],
  ])("learns %s, and comes back from its file", async (_, given) => {
    const options = { ...small, batchSize: 4, window: 12, ...given };
    const result = await trainLanguageModel(data, options);
    expect(result.test.perplexity).toBeLessThan(2.5);
    const loaded = asLanguageModel(
      await modelFromBytes(await modelToBytes(result.model, result.metadata), "m.tavali"),
      "m.tavali",
    );
    const choice = { prompt: "the dog ran", length: 12, temperature: 0 };
    const { text } = await generateText(loaded, choice);
    expect(text).toBe((await generateText(result, choice)).text);
  });
});

describe("the parts of a text", () => {
  const text = "aébc ".repeat(40) + "🙂z".repeat(25);

  it("are shares of its characters, and the vocabulary is that of the first", async () => {
    const parts = await encodeText({ text: () => text, source: "t" }, optionsFor({ validation: 0.1, test: 0.2 }));
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([175, 25, 50]);
    expect(parts.codec.size).toBe(6);
    expect([...new Set(parts.test)]).toEqual([0]);
    expect(parts.codec.decode(parts.train)).toBe(text.slice(0, 175));
  });

  it("are shares of its words, of which the most frequent are kept", async () => {
    const words = `${"b a a c, ".repeat(30)} d e f g h i j k l m`;
    const options = optionsFor({ level: "words", vocabulary: 3, validation: 0.03, test: 0.07 });
    const parts = await encodeText({ text: () => words, source: "t" }, options);
    expect(parts.train.length + parts.validation.length + parts.test.length).toBe(160);
    expect(parts.test.length).toBe(11);
    expect(parts.codec.size).toBe(3);
    expect(parts.codec.decode(parts.train.slice(1, 3))).toBe("a a");
  });

  it("refuses fewer subwords than there are bytes, before it reads the text", async () => {
    const data: LanguageData = {
      source: "never read",
      text() {
        throw new Error("read");
      },
    };
    await expect(trainLanguageModel(data, { level: "pieces", vocabulary: 255 })).rejects.toThrow(
      /vocabulary must be at least 256, .* received 255/,
    );
  });

  it("are shares of the characters where tokens are pieces", async () => {
    const options = optionsFor({ level: "pieces", vocabulary: 270, validation: 0.1, test: 0.2 });
    const parts = await encodeText({ text: () => [...text], source: "t" }, options);
    expect(parts.codec.decode(parts.test)).toBe([...text].slice(-50).join(""));
    expect(parts.testCharacters).toBe(50);
  });

  it("come from files in chunks as from the text itself", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "tavali-lm-"));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const line = `${"سلام دنیا 🙂 hello ".repeat(9_000)}\n`;
    writeFileSync(path.join(folder, "one.txt"), line);
    const options = optionsFor();
    const fromFile = await encodeText(languageData([path.join(folder, "one.txt")]), options);
    expect(fromFile.train).toEqual((await encodeText({ text: () => line, source: "t" }, options)).train);
  });
});

describe("what cannot be learnt from", () => {
  const train = (text: string, given: Partial<LanguageOptions> = {}) =>
    trainLanguageModel({ text: () => text, source: "tiny.txt" }, given);

  it("is refused with what would fit", async () => {
    await expect(train("ab")).rejects.toThrow(DataError);
    await expect(train("ab")).rejects.toThrow("tiny.txt: a text of 2 characters is too short");
    await expect(train("ab ".repeat(200))).rejects.toThrow(
      "510 characters to learn from are too few for 32 streams of at least one window of 64: that takes 2049. Give a longer text, or at most 7 streams",
    );
    await expect(train("ab ".repeat(20))).rejects.toThrow("a shorter window");
    await expect(train("ab", { units: 0 })).rejects.toThrow("units must be a whole number from 1 to 8192");
  });

  it("a model of another task is no language model", () => {
    const { network: model } = languageNetwork(5, optionsFor({ units: 2 }));
    expect(() => asLanguageModel({ model, metadata: { task: "sentiment" } }, "s.tavali")).toThrow(
      's.tavali: this is no language model: it is for "sentiment".',
    );
    const codec = { kind: "characters", characters: "ab" };
    expect(() => asLanguageModel({ model, metadata: { task: "languageModel", codec } }, "s.tavali")).toThrow(
      FormatError,
    );
  });
});

describe("evaluateTokens", () => {
  it("judges every token but the first, whatever the length of a part", async () => {
    const { network } = languageNetwork(7, optionsFor({ units: 5, layers: 2 }));
    network.compile({ loss: { type: "sparseCategoricalCrossentropy", fromLogits: true } });
    const ids = Int32Array.from({ length: 700 }, (_, i) => (i * i + 3 * i) % 7);
    const x = { data: ids.subarray(0, -1), shape: [1, 699] };
    const { loss } = await network.evaluate(x, { data: ids.subarray(1), shape: [1, 699] });
    expect((await evaluateTokens(network, ids)).testLoss).toBeCloseTo(loss!, 5);
  });
});
