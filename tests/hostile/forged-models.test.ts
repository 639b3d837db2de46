/** Small model files that ask for large things, or speak of what their model does not have: each refused at once, with the place. */
import { beforeAll, describe, expect, it } from "vitest";
import { FormatError } from "../../src/errors.js";
import { modelFromBytes, modelToBytes } from "../../src/formats/index.js";
import {
  auc,
  concatenate,
  dense,
  globalMaxPooling1D,
  input,
  type Layer,
  maxPooling1D,
  model,
  oneHot,
  piecewiseConstantDecay,
  repeatVector,
  sequential,
  sgd,
} from "../../src/index.js";
import { asClassifier, asLanguageModel, asTagger, predictTexts, scoreText } from "../../src/recipes/index.js";
import { classifierFile, languageFile, taggerFile } from "./forms/models.js";
import { seal, unseal } from "./mutate.js";

type Header = {
  // biome-ignore lint/suspicious/noExplicitAny: a forger changes whatever there is
  architecture: any;
  // biome-ignore lint/suspicious/noExplicitAny: a forger changes whatever there is
  metadata: any;
  tensors: unknown[];
};

/** Puts a value at a place of metadata: "vocabulary.wordLength". */
const set = (place: string, value: unknown) => (metadata: Header["metadata"]) => {
  const names = place.split(".");
  const last = names.pop()!;
  names.reduce((inside, name) => inside[name], metadata)[last] = value;
};

/** The file with another header, sealed again. @param change may give the header's text */
function forged(file: Uint8Array, change: (header: Header, text: string, data: Uint8Array) => unknown): Uint8Array {
  const { head, header, data } = unseal(file);
  const text = change(header as Header, JSON.stringify(header), data);
  return seal(head, typeof text === "string" ? text : JSON.stringify(header), data);
}

const replaced = (from: string, to: string) => (_: Header, text: string) => {
  expect(text).toContain(from);
  return text.replaceAll(from, to);
};

const fileOf = (layers: readonly Layer[], options: object = {}) =>
  modelToBytes(sequential(layers, { seed: 1 }).compile({ optimizer: "sgd", loss: "meanSquaredError", ...options }));
const pair = () => dense(2, { inputShape: [2] });

/** Refused within a second, with little memory. */
async function refused(
  bytes: Uint8Array,
  message: string | RegExp,
  read = (file: Uint8Array): unknown => modelFromBytes(file, "m.tavali"),
) {
  const begin = performance.now();
  const before = process.memoryUsage().arrayBuffers;
  const error: unknown = await (async () => read(bytes))().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FormatError);
  expect((error as Error).message).toMatch(message);
  expect(performance.now() - begin).toBeLessThan(2000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28);
}

describe("a small model file that declares", () => {
  it("a thousand million thresholds", async () => {
    const file = await fileOf([dense(1, { inputShape: [2], activation: "sigmoid" })], {
      loss: "binaryCrossentropy",
      metrics: [auc({ numThresholds: 10 })],
    });
    await refused(
      forged(file, replaced(':10,"type":"auc"', ':1000000000,"type":"auc"')),
      "numThresholds must be a whole number from 2 to 10000",
    );
  });

  it.each<[string, () => Promise<Uint8Array>, string, string, string | RegExp]>([
    [
      "units",
      () => fileOf([pair()]),
      '"units":2',
      '"units":1000000000000',
      "layers[0].units must be a whole number from 1 to 2147483647",
    ],
    ["units that are a text", () => fileOf([pair()]), '"units":2', '"units":"2"', "the model.layers[0].units must be"],
    [
      "many units",
      () => fileOf([pair()]),
      '"units":2',
      '"units":60000000',
      "its layers need the weights dense/kernel [2, 60000000]",
    ],
    ["an input", () => fileOf([pair()]), "[null,2]", "[null,1000000000]", /need the weights/],
    [
      "repetitions",
      () => fileOf([pair(), repeatVector(3), globalMaxPooling1D()]),
      '"n":3',
      '"n":1000000000',
      "would make 2000000000 numbers of one example",
    ],
    [
      "classes",
      () => fileOf([oneHot(5, { inputShape: [3] }), globalMaxPooling1D()]),
      '"classes":5',
      '"classes":1000000000',
      "would make 3000000000 numbers",
    ],
    [
      "a window",
      () => fileOf([maxPooling1D({ poolSize: 2, inputShape: [4, 1], padding: "same" }), globalMaxPooling1D()]),
      '"poolSize":2',
      '"poolSize":1000000000',
      "layers[0].poolSize must be",
    ],
    [
      "axes",
      () => fileOf([pair()]),
      "[null,2]",
      `[null,${"2,".repeat(49)}2]`,
      "the model.inputShape must be a list of at most 32",
    ],
    [
      "an option called __proto__",
      () => fileOf([pair()]),
      '"units":2',
      '"units":2,"__proto__":{"polluted":1}',
      /__proto__/,
    ],
  ])("%s without holding them", async (_, file, from, to, message) => {
    await refused(forged(await file(), replaced(from, to)), message);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("thousands of layers, or layers in layers", async () => {
    const file = await fileOf([pair()]);
    const activation = { type: "Activation", activation: "linear" };
    const many = (header: Header) => {
      header.architecture.layers.push(...Array.from({ length: 50_000 }, (_, i) => ({ ...activation, name: `a${i}` })));
    };
    await refused(forged(file, many), "the model.layers must be a list of at most 1000");
    const wrap = '{"type":"TimeDistributed","layer":';
    const nested = `"layers":[${wrap.repeat(20_000)}{"type":"Dense","units":1}${"}".repeat(20_000)},`;
    await refused(forged(file, replaced('"layers":[', nested)), "nested more than 200 levels deep");
  });

  it("a graph that doubles what it reads thirty times", async () => {
    const x = input({ shape: [2], name: "a" });
    const file = await modelToBytes(model({ inputs: x, outputs: concatenate({ name: "c" }).apply([x, x]) }));
    const doubling = ({ architecture }: Header) => {
      const earlier = (i: number) => (i === 0 ? ["a"] : ["c", i - 1, 0]);
      architecture.calls = Array.from({ length: 30 }, (_, i) => ({ layer: "c", inputs: [earlier(i), earlier(i)] }));
      architecture.outputs = [{ name: "c", value: ["c", 29, 0] }];
    };
    await refused(forged(file, doubling), "would make 134217728 numbers of one example");
  });

  it("a schedule of a hundred thousand steps", async () => {
    const learningRate = piecewiseConstantDecay({ boundaries: [1, 2], values: [1, 2, 3] });
    const file = await fileOf([pair()], { optimizer: sgd({ learningRate }) });
    const steps = Array.from({ length: 100_000 }, (_, i) => i + 1);
    await refused(
      forged(file, replaced('"boundaries":[1,2]', `"boundaries":[${steps}]`)),
      "compile.optimizer.learningRate.boundaries must be a list of at most 1000",
    );
  });

  it("weights that are no numbers", async () => {
    const file = await fileOf([pair()]);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const bytes = forged(
        file,
        (_, __, data) => void new DataView(data.buffer, data.byteOffset).setFloat32(8, value, true),
      );
      await refused(bytes, `number 2 of "dense/kernel" [2, 2] is ${value}`);
    }
  });
});

describe("metadata that do not fit the model:", () => {
  let [classifier, tagger, language]: Uint8Array[] = [];
  beforeAll(async () => {
    [classifier, tagger, language] = [await classifierFile(), await taggerFile(), await languageFile()];
  });
  const read =
    <Made>(as: (loaded: Awaited<ReturnType<typeof modelFromBytes>>, name: string) => Made) =>
    async (file: Uint8Array) =>
      as(await modelFromBytes(file, "m.tavali"), "m.tavali");

  it.each<[string, (metadata: Header["metadata"]) => unknown, string]>([
    [
      "three labels over two outputs",
      set("labels", ["a", "b", "c"]),
      "one probability per class [null, 3], but the model gives [null, 2]",
    ],
    ["equal labels", set("labels", ["a", "a"]), "metadata.labels[1] must be different from [0]"],
    ["labels that are none", set("labels", ["a", null]), "metadata.labels[1] must be a text, received null"],
    ["a word more", (m) => void m.vocabulary.known.push("zzz"), "ids of words, but the model knows"],
    ["a word less", (m) => void m.vocabulary.known.pop(), "ids of words, but the model knows"],
    ["a thousand million words read", set("length", 1e9), "metadata.length must be a whole number from 1 to 10000"],
    ["another way to cut texts", set("vocabulary.pieces", "syllables"), "metadata.vocabulary.pieces must be"],
    ["options of other kinds", set("options.units", "many"), "metadata.options.units must be"],
  ])("a classifier with %s is refused", async (_, change, message) => {
    await refused(
      forged(classifier!, (header) => change(header.metadata)),
      message,
      read(asClassifier),
    );
  });

  it.each<[string, (metadata: Header["metadata"]) => unknown, string]>([
    [
      "words of a thousand million characters",
      set("vocabulary.wordLength", 1e9),
      "metadata.vocabulary.wordLength must be a whole number from 0 to 200",
    ],
    [
      "words of one character more",
      (m) => void m.vocabulary.wordLength++,
      "reads characters [null, null, 7], but the model reads [null, null, 6]",
    ],
    ["words without characters", set("vocabulary.wordLength", 0), "but the model has 2 inputs"],
    ["one tag", set("vocabulary.tags", ["O"]), "one number per tag"],
    [
      "a tag twice",
      (m) => void m.vocabulary.tags.splice(0, 1, m.vocabulary.tags[1]),
      "metadata.vocabulary.tags[1] must be different",
    ],
    [
      "a tag that is none",
      (m) => void m.vocabulary.tags.splice(1, 1, "person"),
      "metadata.vocabulary.tags[1] must be a tag",
    ],
    ["a character more", (m) => void m.vocabulary.characters.push("€"), "ids of characters, but the model knows"],
    ["another decoder", set("options.decoder", "softmax"), "one number per tag"],
    ["no decoder", set("options.decoder", 5), "metadata.options.decoder must be"],
    ["a thousand million words at a time", set("options.length", 1e9), "metadata.options.length must be"],
  ])("a tagger with %s is refused", async (_, change, message) => {
    await refused(
      forged(tagger!, (header) => change(header.metadata)),
      message,
      read(asTagger),
    );
  });

  it.each<[string, (metadata: Header["metadata"]) => unknown, string]>([
    [
      "a character more",
      (m) => set("codec.characters", `${m.codec.characters}€`)(m),
      "ids of characters, but the model knows",
    ],
    [
      "characters twice",
      (m) => set("codec.characters", m.codec.characters + m.codec.characters[0])(m),
      "different characters",
    ],
    ["no codec", (m) => void delete m.codec, "holds no text codec"],
  ])("a language model with %s is refused", async (_, change, message) => {
    await refused(
      forged(language!, (header) => change(header.metadata)),
      message,
      read(asLanguageModel),
    );
  });

  it("a model whose weights are too large to compute with says so instead of answering NaN", async () => {
    const huge = (file: Uint8Array) =>
      forged(file, (_, __, data) => void new Float32Array(data.buffer, data.byteOffset, data.length >> 2).fill(3e38));
    const texts = asClassifier(await modelFromBytes(huge(classifier!), "m"), "m");
    await expect(predictTexts(texts, ["dull scene"])).rejects.toThrow("the model's answer is NaN, no number");
    const text = asLanguageModel(await modelFromBytes(huge(language!), "m"), "m");
    await expect(scoreText(text, "the cat")).rejects.toThrow("not a number");
  });
});
