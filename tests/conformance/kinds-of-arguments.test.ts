/** Arguments of every kind, where bytes, names, cells, codecs, models and lists belong: each is taken, or refused by its kind. */
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  convertTags,
  detectScheme,
  isTag,
  parseReviews,
  parseTaggedSentences,
  pickSentences,
  readNpy,
  readNpz,
  sentenceCount,
  splitData,
  tagsOfSpans,
  textChunks,
  utf8Chunks,
  wordsOf,
} from "../../src/datasets/index.js";
import {
  checkpointFromBytes,
  checkpointToBytes,
  encodeModelFile,
  modelFromBytes,
  modelToBytes,
  saveCheckpoint,
  saveModel,
} from "../../src/formats/index.js";
import {
  adam,
  bidirectional,
  continueTokens,
  crf,
  csvLogger,
  defineCell,
  defineLayer,
  defineLoss,
  defineMetric,
  dense,
  embedding,
  explain,
  inspectionPage,
  layerFromConfig,
  layerNormalization,
  lstm,
  permute,
  reshape,
  runLog,
  sequential,
  spectralRadius,
  TavaliError,
  type TrainingState,
  tensorBoard,
  toCategorical,
  toNested,
} from "../../src/index.js";
import { encodeChunks, Tokenizer } from "../../src/text/index.js";

const cycle: unknown[] = [];
cycle.push(cycle);
const kinds: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["a string", "abc"],
  ["a number", 7],
  ["NaN", Number.NaN],
  ["a BigInt", 3n],
  ["true", true],
  ["BigInts", new BigInt64Array(2)],
  ["a Map", new Map()],
  ["a generator", (function* () {})()],
  ["a Promise", Promise.resolve(1)],
  ["a function", () => 1],
  ["a Date", new Date(0)],
  ["a list that holds itself", cycle],
  ["a DataView", new DataView(new ArrayBuffer(8))],
  ["an ArrayBuffer", new ArrayBuffer(8)],
  ["{}", {}],
  ["an object without a prototype", Object.create(null)],
  ["a symbol", Symbol("s")],
];

type Take = (value: never) => unknown;
const bytes = new TextEncoder().encode("label,text\n0,a\n1,b\n");
const refusals: readonly (readonly [string, Take])[] = [
  ["parseReviews", parseReviews],
  ["parseReviews: train", (train) => parseReviews({ train })],
  ["parseReviews: train.bytes", (value) => parseReviews({ train: { name: "a.csv", bytes: value } })],
  ["parseTaggedSentences", (value) => parseTaggedSentences(value, "a.conll")],
  ["readNpy", readNpy],
  ["readNpz", readNpz],
  [
    "utf8Chunks",
    async (value) => {
      for await (const _ of utf8Chunks(value, "a.txt"));
    },
  ],
  [
    "a chunk",
    async (value) => {
      for await (const _ of utf8Chunks([value], "a.txt"));
    },
  ],
  ["modelFromBytes", (value) => modelFromBytes(value, "a.tavali")],
  ["checkpointFromBytes", (value) => checkpointFromBytes(value, "a")],
  ["modelToBytes", (value) => modelToBytes(value)],
  ["saveModel", (value) => saveModel(value, "nowhere.tavali")],
  ["encodeModelFile", encodeModelFile],
  [
    "a state in a checkpoint",
    (value) =>
      value === null || ["string", "boolean", "number", "undefined", "object"].includes(typeof value)
        ? refused()
        : checkpointToBytes({ value } as never),
  ],
  ["sentenceCount", sentenceCount],
  ["wordsOf", (value) => wordsOf(value, 0)],
  ["pickSentences", (value) => pickSentences(value, [0])],
  ["detectScheme", (value) => (detectScheme(value) === undefined ? 0 : refused())],
  ["convertTags: from", (value) => convertTags(["O"], value, "IOB2")],
  ["tagsOfSpans", (value) => tagsOfSpans(value, 2, "IOB2")],
  ["splitData: fraction", (value) => splitData([1, 2], value === undefined ? (2 as never) : value)],
  ["encodeChunks", (value) => encodeChunks(value, "a")],
  ["explain", explain],
  ["inspectionPage", inspectionPage],
  ["layerFromConfig", layerFromConfig],
  ["permute", permute],
  ["reshape", reshape],
  [
    "bidirectional: mergeMode",
    (value) => (value === null || value === undefined ? refused() : bidirectional(lstm(2), { mergeMode: value })),
  ],
  [
    "layerNormalization: axis",
    (value) => (value === undefined || (value as unknown) === 7 ? refused() : layerNormalization({ axis: value })),
  ],
  [
    "toCategorical: numClasses",
    (value) =>
      value === undefined || value === null || (value as unknown) === 7 ? refused() : toCategorical([0], value),
  ],
  [
    "a Tokenizer's mode",
    (value) => (value === undefined ? refused() : new Tokenizer({ numWords: 3 }).textsToMatrix([], value)),
  ],
];

function refused(): never {
  throw new TavaliError("left out");
}

describe.each(refusals)("%s", (_, take) => {
  it.each(kinds)("refuses %s", async (_, value) => {
    const call = async () => take(value as never);
    if (take.toString().includes("detectScheme")) {
      // Lists and generators without sentences break no rule.
      await call().catch((error) => expect(error).toBeInstanceOf(TavaliError));
    } else {
      await expect(call()).rejects.toBeInstanceOf(TavaliError);
    }
  });
});

describe("arguments", () => {
  afterEach(() => vi.restoreAllMocks());

  it("says what bytes are asked for, and what was given", () => {
    const parse = (given: unknown) => () => parseReviews({ train: { name: "a.csv", bytes: given as Uint8Array } });
    expect(parse("a.csv")).toThrow(
      'parseReviews: train.bytes is a string "a.csv"; expected bytes, a Uint8Array. Give the content of the file, not its path or its text.',
    );
    expect(parse(bytes.buffer)).toThrow("Wrap it: new Uint8Array(buffer).");
    expect(parse(Promise.resolve(bytes))).toThrow("a Promise; expected bytes, a Uint8Array. Await it.");
    expect(parse(bytes)()).toMatchObject({ classNames: ["negative", "positive"] });
  });

  it("checks sizes and places before it makes anything", () => {
    expect(() => toCategorical([1e9])).toThrow("1 row of 1000000001 classes cannot be held. Check the labels");
    expect(() => spectralRadius([1, 2, 3, 4], 1e9)).toThrow("spectralRadius: n must be a whole number from 0 to 4096");
    expect(() => spectralRadius([1, 2, 3], 2)).toThrow("a matrix of 2 rows has 4 numbers, received 3");
    expect(() => tagsOfSpans([], 1e9, "IOB2")).toThrow("tagsOfSpans: length must be a whole number");
    expect(() => tagsOfSpans([{ first: 1, end: 9, type: "x" }], 3, "IOB2")).toThrow("words 1 … 9 of 3");
    expect(() => convertTags(["O"], "iob2" as never, "IOB1")).toThrow(
      'convertTags: from must be "IOB1", "IOB2" or "IOBES"',
    );
    const sentences = parseTaggedSentences(new TextEncoder().encode("a O\n\nb B-x\n"), "a.conll");
    expect(wordsOf(sentences, 1)).toEqual(["b"]);
    expect(() => wordsOf(sentences, 2)).toThrow("wordsOf: sentence must be a whole number from 0 to 1, received 2");
    expect(() => pickSentences(sentences, [0, -1])).toThrow("received -1");
    expect(isTag(Symbol("O") as never)).toBe(false);
  });

  it("takes no list for a schedule, no collection for an initializer, no generator for options", () => {
    expect(() => adam({ learningRate: [0.1] as never })).toThrow(
      "learningRate must be a number of at least 0, or a schedule",
    );
    expect(() => embedding(3, 2, { embeddingsInitializer: new Float32Array(6) as never })).toThrow(
      "embeddingsInitializer must be",
    );
    expect(() => embedding(3, 2, { embeddingsInitializer: new Map() as never })).toThrow(
      "embeddingsInitializer must be",
    );
    expect(() => dense(2, (function* () {})() as never)).toThrow("options are an object such as");
    expect(() => lstm(2, { initialState: { h: [Number.NaN, 0], c: [0, 0] } })).toThrow(
      "LSTM: initialState.h: number 0 is NaN",
    );
    expect(() => lstm(2, { truncation: 0 as never })).toThrow(TavaliError);
    expect(() => toNested([[1, 2]] as never)).not.toThrow();
    expect(toNested([[1, 2]] as never)).toEqual([[1, 2]]);
    expect(() => toNested("ab" as never)).toThrow("toNested: tensor is a string");
  });

  it("bounds what a search keeps, and names kinds in states, weights and tags", async () => {
    const built = sequential([embedding(4, 2), lstm(2, { returnSequences: true }), dense(4)], { seed: 1 });
    built.compile({ optimizer: "adam", loss: "meanSquaredError" });
    await built.predict([[1, 2]]);
    await expect(continueTokens(built, [1], { length: 2, beams: 1e9 })).rejects.toThrow(
      "from 1 to 10000, received 1000000000",
    );
    for (const state of [undefined, null, 7, "ab", {}, { iteration: 1, slots: 3 }, { iteration: 1, slots: [null] }]) {
      expect(() => built.setOptimizerState(state as never)).toThrow(TavaliError);
    }
    expect(() => built.getLayer(Symbol("s") as never)).toThrow("getLayer: name is a symbol");
    const tagged = sequential([lstm(2, { returnSequences: true }), dense(3), crf(3)], { seed: 1 });
    tagged.compile({ optimizer: "sgd", loss: "crfLoss" });
    await expect(
      tagged.evaluate(
        [[[1], [2]]],
        [
          [
            [1, 0, 0],
            [1, 0, 0],
          ],
        ],
      ),
    ).rejects.toThrow("It takes the number of a tag at every step");
    const chosen = sequential([dense(3, { activation: "softmax" })], { seed: 1 });
    chosen.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    const weigh = (classWeight: unknown) => chosen.evaluate([[1, 2]], [0], { classWeight: classWeight as never });
    await expect(weigh("balanced")).rejects.toThrow('classWeight is "balanced"; give an object');
    await expect(weigh({ 0: "2" })).rejects.toThrow('classWeight[0] is "2"; expected a number');
  });

  it("looks at sinks and checkpoints before training begins", async () => {
    for (const log of [csvLogger, runLog, tensorBoard]) {
      expect(() => log("epochs.csv" as never)).toThrow(/: sink must be a sink, such as fileSink\(path\)/);
      expect(() => log({ write() {} } as never)).toThrow(/: sink must be a sink/);
    }
    const model = sequential([dense(1, { inputShape: [1] })]).compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const fitted = (options: object) => model.fit([[1]], [[1]], { verbose: 0, ...options });
    await expect(fitted({ checkpoint: {} })).rejects.toThrow("checkpoint: save must be a function");
    await expect(fitted({ checkpoint: { save() {}, evry: {} } })).rejects.toThrow("did you mean every?");
    await expect(fitted({ signal: new AbortController() })).rejects.toThrow("signal must be an AbortSignal");
    await expect(fitted({ validationData: [{ data: [], shape: [0, 1] }, [[1]]] })).rejects.toThrow(
      "validationData x: there are no",
    );
    await expect(saveCheckpoint("checkpoints", {} as never)).rejects.toThrow("Give the state that fit gives");
  });

  it("resumes from no state that lacks a weight, whoever wrote it", async () => {
    const model = sequential([dense(1, { inputShape: [1] })]).compile({ optimizer: "sgd", loss: "meanSquaredError" });
    let kept: TrainingState | undefined;
    const save = (state: TrainingState) => {
      kept = state;
    };
    await model.fit([[1]], [[1]], { verbose: 0, seed: 1, checkpoint: { save } });
    const variables = new Map([...kept!.variables].filter(([name]) => name !== "dense/kernel"));
    const resumed = model.fit([[1]], [[1]], { verbose: 0, epochs: 2, resume: { ...kept!, variables } });
    await expect(resumed).rejects.toThrow('"dense/kernel" is missing in the snapshot');
    for (const state of ["x", [1, 2, 3], [1, 2, 3, -1], [1, 2, 3, 2 ** 32], undefined]) {
      expect(() => Object.assign(model, { randomState: state })).toThrow("state must be four whole numbers");
    }
    const words = model.randomState;
    model.randomState = words;
    expect(model.randomState).toEqual(words);
  });

  it("says what a definition lacks", () => {
    expect(() => defineLoss({ name: "own", perSample: (y: unknown) => y } as never)).toThrow(
      "defineLoss: options must be an object of options and their defaults, {} for none, received undefined",
    );
    expect(() => defineMetric({ name: "own", better: "lower" } as never)).toThrow("defineMetric: options must be");
    expect(() => defineLoss(undefined as never)).toThrow("defineLoss: definition must be an object");
    expect(() => defineMetric({} as never)).toThrow("defineMetric: name must be a text");
    expect(() => defineLayer({} as never, {}, {} as never)).toThrow("defineLayer: type must be a text");
    expect(() => defineLayer("Own", {}, {} as never)).toThrow("defineLayer Own: config must be an object");
    expect(() => defineLayer("Own", {}, { config: {}, masking: "drops" } as never)).toThrow(
      /masking must be .*refuses/,
    );
    expect(() => defineLayer("Own", {}, { config: {}, masking: "passes" } as never)).toThrow(
      "parameters must be a function",
    );
    expect(() => defineCell(null as never)).toThrow("defineCell: cell must be an object");
    expect(() => defineCell({ name: "own" } as never)).toThrow("defineCell own: parameters must be a function");
  });

  it("refuses a signal that is none", async () => {
    const chunks = textChunks("nowhere.txt", { signal: {} as never });
    await expect(chunks.next()).rejects.toThrow("signal must be an AbortSignal, such as new AbortController().signal");
  });

  it("hears once that nothing masks what lengths leaves out", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const train = async (maskZero: boolean) => {
      const model = sequential([embedding(4, 2, { maskZero }), lstm(2), dense(1)], { seed: 1 });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = [
        [1, 0, 0, 0, 0, 0],
        [1, 2, 3, 1, 2, 3],
      ];
      for (let i = 0; i < 2; i++) await model.fit(x, [0, 1], { lengths: [1, 6], epochs: 1, verbose: 0 });
      await expect(model.fit(x, [0, 1], { lengths: "ab" as never })).rejects.toThrow(
        "fit: lengths must be a list of whole numbers",
      );
    };
    await train(true);
    expect(warned).not.toHaveBeenCalled();
    await train(false);
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("no layer masks padding"));
  });
});
