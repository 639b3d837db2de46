import { beforeAll, describe, expect, it } from "vitest";
import { grammarSentences, pickSentences, SentenceBuilder, type TaggedSentences } from "../../datasets/index.js";
import { ConfigError, DataError, FormatError } from "../../errors.js";
import { modelFromBytes, modelToBytes } from "../../formats/index.js";
import type { Model } from "../../models/index.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { TrainingHooks } from "../training-report.js";
import { evaluateTagger, predictTags } from "./score-tagger.js";
import { tagText } from "./tag-text.js";
import { type TaggerResult, trainTagger } from "./tagger.js";
import { cutLong, TaggerCodec } from "./tagger-codec.js";
import { inScheme, type TaggerData } from "./tagger-data.js";
import { asTagger } from "./tagger-metadata.js";

const { train, test } = grammarSentences({ count: 200, testCount: 40, seed: 2 });
const data: TaggerData = { train, test, source: "sentences", splitOff: false };
const small = {
  units: 8,
  embedding: 8,
  characterEmbedding: 6,
  characterFilters: 8,
  epochs: 2,
  learningRate: 0.01,
  validation: 0.2,
  seed: 3,
} as const;
const texts = ["Mr. Stanov visited Drelstad.", "", "The Bank of Mindville opened on 3 May 1999. It rained"];

let tagger: TaggerResult;
beforeAll(async () => {
  tagger = await trainTagger(data, small);
});

describe("trainTagger", () => {
  it("reports loss, accuracy and entity F1 of both parts, and keeps the best epoch", () => {
    const { history, bestEpoch, test: scores } = tagger;
    expect(history).toHaveLength(2);
    expect(history[1]!.loss).toBeLessThan(history[0]!.loss);
    for (const name of ["valLoss", "valAccuracy", "valEntityF1"]) {
      expect(history[0]![name], name).toBeTypeOf("number");
    }
    const best = Math.max(...history.map(({ valEntityF1 }) => valEntityF1!));
    expect(history[bestEpoch - 1]!.valEntityF1).toBe(best);
    expect(Object.keys(scores)).toEqual(["testLoss", "accuracy", "entityF1"]);
  });

  it("gives equal bytes for equal seeds", async () => {
    const again = await trainTagger(data, small);
    expect(await modelToBytes(again.model, again.metadata)).toEqual(await modelToBytes(tagger.model, tagger.metadata));
  });

  it("comes back from its file, and tags as before", async () => {
    const loaded = asTagger(await modelFromBytes(await modelToBytes(tagger.model, tagger.metadata), "a"), "a");
    expect(await tagText(loaded, texts)).toEqual(await tagText(tagger, texts));
    const { loss, entities } = await evaluateTagger(loaded, test);
    expect(entities).toEqual(tagger.entities);
    expect(loss).toBe(tagger.test.testLoss);
  });

  it("tags a line of a megabyte", async () => {
    // The model is a stand-in: it has no sentence's length in its stack.
    const predict = async ({ words }: { words: Tensor }) => ({
      data: new Float32Array(words.data.length * tagger.codec.vocabulary.tags.length),
      shape: words.shape,
    });
    const [found] = await tagText({ ...tagger, model: { predict } as unknown as Model }, ["so ".repeat(350_000)]);
    expect(found!.tokens.length).toBe(350_000);
    expect(found!.tokens.at(-1)).toMatchObject({ text: "so", end: 1_049_999 });
  });

  it.each([
    ["softmax", { decoder: "softmax" }],
    ["GRUs, two of them, and SGD", { cell: "gru", layers: 2, optimizer: "sgd", learningRate: 0.05 }],
    [
      "plain recurrence without characters, in IOBES",
      { cell: "simpleRNN", characterFilters: 0, scheme: "IOBES", dropout: 0 },
    ],
  ] as const)("learns with %s", async (_, options) => {
    const { history, test: scores, codec } = await trainTagger(data, { ...small, ...options });
    expect(history[1]!.loss).toBeLessThan(history[0]!.loss);
    expect(scores.accuracy).toBeGreaterThan(0.3);
    expect(codec.vocabulary.tags.some((tag) => tag.startsWith("S-"))).toBe("scheme" in options);
  });

  it("reads any scheme: what is written otherwise gives the same model", async () => {
    const written = (part: TaggedSentences) => inScheme(part, "IOB1");
    const again = await trainTagger({ ...data, train: written(train), test: written(test) }, { ...small, epochs: 1 });
    const { entities } = await trainTagger(data, { ...small, epochs: 1 });
    expect(again.entities.support).toBe(entities.support);
    expect(again.test.testLoss).toBeCloseTo((await trainTagger(data, { ...small, epochs: 1 })).test.testLoss!, 12);
  });

  it("reads Persian in one spelling, unless it is told not to", () => {
    const { codec } = tagger;
    const words = ["كتاب", "کتاب"];
    const known = (persianToo: boolean) =>
      new TaggerCodec({ ...codec.vocabulary, words: ["کتاب"], persian: persianToo }).encodeWords(words).ids;
    expect([...known(true)]).toEqual([2, 2]);
    expect([...known(false)]).toEqual([1, 2]);
  });

  it.each(["crf", "softmax"] as const)(
    "counts unknown test tags as missed, and leaves their sentences out of the loss: %s",
    async (decoder) => {
      const builder = new SentenceBuilder();
      for (const tag of ["B-planet", "O"]) {
        builder.add("Mars", tag);
        builder.add("rises", "O");
        builder.endSentence();
      }
      const both = builder.finish();
      const notes: string[] = [];
      const saved: unknown[] = [];
      const hooks: TrainingHooks = {
        onStart: (start) => void notes.push(...(start.notes ?? [])),
        onTrained: ({ metadata }) => void saved.push(metadata.result),
      };
      const one = { ...small, decoder, epochs: 1 } as const;
      const result = await trainTagger({ ...data, test: both }, one, hooks);
      expect(notes).toEqual([
        expect.stringContaining("sentences, test part: has tags that the model does not know: B-planet (1 word)"),
      ]);
      expect(saved).toEqual([{ bestEpoch: 1 }]);
      expect(result.entities.types.planet).toMatchObject({ support: 1, found: 0, recall: 0 });
      const { loss, unknownTags } = await evaluateTagger(result, both);
      expect([loss, unknownTags]).toEqual([result.test.testLoss, { "B-planet": 1 }]);
      expect((await evaluateTagger(result, pickSentences(both, [1]))).loss).toBe(loss);
      expect((await evaluateTagger(result, pickSentences(both, [0]))).loss).toBeUndefined();
    },
  );

  it("names what is wrong", async () => {
    const none = pickSentences(train, []);
    await expect(trainTagger({ ...data, test: none })).rejects.toThrow("sentences, the test part has 0 sentences");
    await expect(trainTagger(data, { units: 0 })).rejects.toThrow(ConfigError);
    const builder = new SentenceBuilder();
    builder.add("x", "B-planet");
    const unknown = evaluateTagger(tagger, builder.finish(), "stars.tsv");
    await expect(unknown).rejects.toThrow(DataError);
    await expect(unknown).rejects.toThrow(
      /^stars\.tsv: the model knows none of its tags, such as "B-planet"; it knows O, B-date/,
    );
    expect(() => asTagger({ model: tagger.model, metadata: { task: "sentiment" } }, "a")).toThrow(FormatError);
    const { options } = tagger.metadata;
    const without = () => asTagger({ model: tagger.model, metadata: { task: "tagging", options } }, "a");
    expect(without).toThrow("a: metadata.vocabulary must be an object, received nothing");
  });
});

describe("a tagger", () => {
  const model = () => ({ model: tagger.model, codec: tagger.codec, options: tagger.metadata.options });

  it("tags a sentence the same, whatever sentences stand beside it", async () => {
    const together = await predictTags(model(), test);
    let at = 0;
    for (let i = 0; i < 12; i++) {
      const alone = await predictTags(model(), pickSentences(test, [i]));
      expect([...alone]).toEqual([...together.subarray(at, at + alone.length)]);
      at += alone.length;
    }
  });

  it("reads long sentences in pieces", () => {
    const whole = pickSentences(test, [0, 1]);
    const pieces = cutLong(whole, 3);
    expect(pieces.wordIds).toBe(whole.wordIds);
    expect(pieces.starts.at(-1)).toBe(whole.wordIds.length);
    const lengths = Array.from(pieces.starts.subarray(1), (end, i) => end - pieces.starts[i]!);
    expect(Math.max(...lengths)).toBe(3);
    expect([...pieces.starts]).toContain(whole.starts[1]);
  });

  it("gives offsets of tokens and entities in the text", async () => {
    const tagged = await tagText(tagger, texts);
    expect(tagged.map(({ text }) => text)).toEqual(texts);
    expect(tagged[1]).toEqual({ text: "", tokens: [], spans: [] });
    for (const { text, tokens, spans } of tagged) {
      for (const { start, end, text: own } of [...tokens, ...spans]) expect(text.slice(start, end)).toBe(own);
    }
    expect(tagged[0]!.tokens.map(({ text }) => text)).toEqual(["Mr", ".", "Stanov", "visited", "Drelstad", "."]);
    expect(await tagText(tagger, [])).toEqual([]);
  });
});
