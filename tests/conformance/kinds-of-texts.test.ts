/** Everything that takes texts, given every kind of value: it takes the value, or names its kind and place in an error of our own. */
import { beforeAll, describe, expect, it } from "vitest";
import { grammarSentences, spansOf, splitData, splitTexts } from "../../src/datasets/index.js";
import { TavaliError } from "../../src/errors.js";
import {
  completeText,
  evaluateTexts,
  generateText,
  inspectLanguageModel,
  inspectText,
  predictTexts,
  scoreEntities,
  scoreText,
  tagText,
  trainBagOfWords,
  trainClassifier,
  trainLanguageModel,
  trainTagger,
} from "../../src/recipes/index.js";
import {
  bytePairCodec,
  characterCodec,
  decode,
  encodeChunks,
  isPersian,
  normalizePersian,
  readWordVectors,
  Tokenizer,
  tokenSpans,
  wordCodec,
} from "../../src/text/index.js";

const kinds: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  "the number 5": () => 5,
  "the BigInt 5n": () => 5n,
  true: () => true,
  "a function": () => () => "text",
  "a Promise": () => Promise.resolve("text"),
  "a Map": () => new Map([["a", "b"]]),
  "a Float32Array": () => Float32Array.of(1, 2),
  "a symbol": () => Symbol("a"),
  "an object": () => ({}),
  "a Date": () => new Date(0),
  "a list of numbers": () => [1, 2],
  "a list of null": () => ["a", null],
  "lists in a list": () => [[1]],
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
  "a hole": () => ["a", , "b"],
};

// biome-ignore lint/suspicious/noExplicitAny: values of kinds that the types do not allow are what is tested
type Calls = Record<string, (value: any) => unknown>;

const fitted = new Tokenizer();
fitted.fitOnTexts(["a b c"]);

const ofTexts: Calls = {
  "Tokenizer.fitOnTexts": (value) => new Tokenizer().fitOnTexts(value),
  "Tokenizer.textsToSequences": (value) => fitted.textsToSequences(value),
  "Tokenizer.textsToMatrix": (value) => fitted.textsToMatrix(value),
  "trainBagOfWords, texts": (value) => trainBagOfWords(value, [0, 1]),
  "trainBagOfWords, predict": (value) => trainBagOfWords(["a", "b"], [0, 1]).predict(value),
  isPersian: (value) => isPersian(value),
  spansOf: (value) => spansOf(value),
  "scoreEntities, expected": (value) => scoreEntities(value, [["O"]]),
  "scoreEntities, predicted": (value) => scoreEntities([["O"]], value),
  splitTexts: (value) => splitTexts({ texts: value, labels: Int32Array.of(0, 1) }),
};
const ofOneText: Calls = {
  tokenSpans: (value) => tokenSpans(value),
  normalizePersian: (value) => normalizePersian(value),
  characterCodec: (value) => characterCodec(value),
  wordCodec: (value) => wordCodec(value),
  bytePairCodec: (value) => bytePairCodec(value),
  encodeChunks: async (value) => encodeChunks(await characterCodec("abc"), value),
  "characterCodec, encode": async (value) => (await characterCodec("abc")).encode(value),
  "wordCodec, encode": async (value) => (await wordCodec("abc")).encode(value),
  "bytePairCodec, encode": async (value) => (await bytePairCodec("abc abc")).encode(value),
  readWordVectors: (value) => readWordVectors(value),
};
const ofIds: Calls = {
  decode: (value) => decode(value, { a: 1 }),
  "characterCodec, decode": async (value) => (await characterCodec("abc")).decode(value),
  "wordCodec, decode": async (value) => (await wordCodec("abc")).decode(value),
  "bytePairCodec, decode": async (value) => (await bytePairCodec("abc abc")).decode(value),
  "Tokenizer.sequencesToTexts": (value) => fitted.sequencesToTexts(value),
  "Tokenizer.sequencesToMatrix": (value) => fitted.sequencesToMatrix(value),
  "trainBagOfWords, labels": (value) => trainBagOfWords(["a", "b"], value),
  splitData: (value) => splitData(value),
};

/** What a call takes or says; anything but an error of our own fails. */
async function tried(call: () => unknown, kind: string): Promise<Error | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    expect(error, `${kind}: ${String((error as Error).stack)}`).toBeInstanceOf(TavaliError);
    return error as Error;
  }
}

async function expectRefused(call: Calls[string], taken: readonly string[] = []) {
  for (const [kind, make] of Object.entries(kinds)) {
    const error = await tried(() => call(make()), kind);
    if (taken.includes(kind)) continue;
    expect(error, `took ${kind}`).toBeDefined();
    if (/^(a|an|the) /.test(kind) && !kind.startsWith("a list") && kind !== "a hole")
      expect(error!.message).toContain(kind);
  }
}

describe.each(Object.entries(ofTexts))("%s", (_, call) => {
  it("takes a list of texts, and says of anything else what it is", async () => {
    await expectRefused(call);
    const error = await tried(() => call("one text"), "a string");
    expect(error?.message).toMatch(/a string "one text"; expected a list of texts/);
  });
});

describe.each(Object.entries(ofOneText))("%s", (_, call) => {
  it("takes a text, and says of anything else what it is", () => expectRefused(call));
});

describe.each(Object.entries(ofIds))("%s", (name, call) => {
  it("takes lists of numbers, and says of anything else what it is", async () => {
    const lists = ["a list of numbers", "a Float32Array"];
    await expectRefused(
      call,
      name === "splitData" ? [...lists, "a list of null", "a hole", "lists in a list"] : [...lists, "lists in a list"],
    );
  });
});

describe("the places of what is no text", () => {
  it.each<[string, () => unknown, string]>([
    [
      "one text",
      () => fitted.fitOnTexts("a b"),
      'Tokenizer.fitOnTexts: texts is a string "a b"; expected a list of texts',
    ],
    [
      "a number in a list",
      () => fitted.textsToSequences(["a", 5 as never]),
      "Tokenizer.textsToSequences: texts[1] is the number 5; expected a text.",
    ],
    [
      "a number among tokens",
      () => fitted.fitOnTexts([["a", 5 as never]]),
      "texts[0][1] is the number 5; expected a text.",
    ],
    ["a text among ids", () => decode(["1"] as never, {}), 'decode: ids[0] is a string "1"; expected a number.'],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });

  it("sets and generators give texts, too", () => {
    const tokenizer = new Tokenizer();
    tokenizer.fitOnTexts(new Set(["a b", "c"]));
    tokenizer.fitOnTexts(["d"].values());
    expect(tokenizer.textsToSequences(["a d"])).toEqual([[1, 4]]);
  });
});

describe("recipes", () => {
  const part = { texts: ["a b", "c d", "e f", "g h", "a d", "c b"], labels: Int32Array.of(0, 1, 0, 1, 0, 1) };
  const data = { train: part, test: part, classNames: ["x", "y"], source: "s", splitOff: 0 };
  let classifier: Awaited<ReturnType<typeof trainClassifier>>;
  let language: Awaited<ReturnType<typeof trainLanguageModel>>;
  let tagger: Awaited<ReturnType<typeof trainTagger>>;

  beforeAll(async () => {
    classifier = await trainClassifier(data, { epochs: 1, units: 2, embedding: 2 });
    const sentences = { ...grammarSentences({ count: 20, testCount: 5, seed: 2 }), source: "s", splitOff: false };
    tagger = await trainTagger(sentences, { epochs: 1, units: 2, embedding: 2 });
    const text = "to be or not to be\n".repeat(40);
    language = await trainLanguageModel(
      { text: () => text, source: "s" },
      { epochs: 1, units: 2, window: 8, batchSize: 2 },
    );
  }, 60_000);

  it("of classifiers name what is no text", async () => {
    await expectRefused((value) => predictTexts(classifier, value));
    await expectRefused((value) => inspectText(classifier, value));
    await expectRefused((value) => evaluateTexts(classifier, { ...data, ...part, texts: value }));
    await expect(predictTexts(classifier, "a b" as never)).rejects.toThrow(
      'predictTexts: texts is a string "a b"; expected a list of texts',
    );
  });

  it("of taggers name what is no text", async () => {
    await expectRefused((value) => tagText(tagger, value));
    await expect(tagText(tagger, "a b" as never)).rejects.toThrow(
      'tagText: texts is a string "a b"; expected a list of texts',
    );
  });

  it("of language models name what is no text", async () => {
    for (const call of [completeText, scoreText, inspectLanguageModel]) {
      await expectRefused((value) => call(language, value));
    }
    for (const [kind, make] of Object.entries(kinds)) {
      if (kind === "undefined") continue;
      const error = await tried(() => generateText(language, { prompt: make(), length: 1 } as never), kind);
      expect(error?.message, kind).toContain("generateText: prompt must be a text, received");
    }
  });

  it("that train name what is no data", async () => {
    await expectRefused((value) => trainClassifier(value as never));
    await expectRefused((value) => trainClassifier({ ...data, train: value } as never));
    await expectRefused((value) => trainClassifier({ ...data, train: { ...part, texts: value } } as never));
    await expectRefused((value) => trainTagger(value as never));
    await expectRefused((value) => trainLanguageModel(value as never));
  });
});
