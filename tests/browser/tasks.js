/**
 * What the tests do, the same in Node, in a page and in a worker: the package by its names, plain data in, plain data out.
 */
import { grammarSentences } from "tavali/datasets";
import { modelFromBytes, modelToBytes } from "tavali/formats";
import {
  asClassifier,
  asLanguageModel,
  asTagger,
  generateText,
  languageData,
  loadClassifierData,
  predictTexts,
  tagText,
  trainClassifier,
  trainLanguageModel,
  trainTagger,
} from "tavali/recipes";
import { bytePairCodec, openTextCodec, wordCodec } from "tavali/text";

/** Trains a small text classifier on the built-in corpus. */
async function train(given) {
  const corpus = await loadClassifierData();
  const first = ({ texts, labels }, count) => ({ texts: texts.slice(0, count), labels: labels.slice(0, count) });
  const data = { ...corpus, train: first(corpus.train, 4000), test: first(corpus.test, 300) };
  const options = {
    epochs: 10,
    patience: 0,
    batchSize: 16,
    learningRate: 5e-3,
    units: 16,
    embedding: 16,
    seed: 3,
    ...given,
  };
  const { model, metadata, history, test } = await trainClassifier(data, options);
  const bytes = await modelToBytes(model, metadata);
  return { bytes: Array.from(bytes), losses: history.map(({ loss }) => loss), accuracy: test.accuracy };
}

/** What a model file says about texts. */
async function predict(bytes, texts) {
  const loaded = asClassifier(await modelFromBytes(Uint8Array.from(bytes), "model.tavali"), "model.tavali");
  return (await predictTexts(loaded, texts)).flatMap(({ probabilities }) => Object.values(probabilities));
}

/** Trains a small language model on the built-in corpus. */
async function trainWriter() {
  const { model, metadata, history } = await trainLanguageModel(languageData(), { units: 16, epochs: 1, seed: 3 });
  return { bytes: Array.from(await modelToBytes(model, metadata)), losses: history.map(({ loss }) => loss) };
}

/** What such a model goes on with, and how probable that is to it. */
async function write(bytes, prompt) {
  const lm = asLanguageModel(await modelFromBytes(Uint8Array.from(bytes), "lm.tavali"), "lm.tavali");
  const { text, logProbability } = await generateText(lm, { prompt, length: 80, temperature: 0.5, seed: 2 });
  return { text, logProbability };
}

/** Trains a small tagger on the built-in corpus. */
async function trainMarker() {
  const data = { ...grammarSentences({ count: 1000, testCount: 30 }), source: "sentences", splitOff: false };
  const options = { epochs: 3, units: 16, embedding: 16, characterFilters: 16, learningRate: 0.01, seed: 3 };
  const { model, metadata } = await trainTagger(data, options);
  return { bytes: Array.from(await modelToBytes(model, metadata)) };
}

/** The entities that such a model finds. */
async function mark(bytes, text) {
  const tagger = asTagger(await modelFromBytes(Uint8Array.from(bytes), "tagger.tavali"), "tagger.tavali");
  return (await tagText(tagger, [text]))[0].spans;
}

/** The message of the error that a damaged file is refused with. */
async function refuse(bytes) {
  const damaged = Uint8Array.from(bytes);
  damaged[damaged.length >> 1] ^= 1;
  return modelFromBytes(damaged, "damaged.tavali").then(
    () => "accepted",
    (error) => `${error.name}: ${error.message}`,
  );
}

/** The ids of a text in words, in pieces, and in the pieces of a tokenizer.json that is left to the library. */
async function ids(text) {
  const words = await wordCodec(text, { persian: true });
  const pieces = await bytePairCodec(text, { size: 300 });
  const { tokenizer } = pieces.toJSON();
  const spaced = { ...tokenizer, pre_tokenizer: { ...tokenizer.pre_tokenizer, add_prefix_space: true } };
  const library = await openTextCodec(spaced, "tokenizer.json");
  return [words, pieces, library].map((codec) => Array.from(codec.encode(text)));
}

/** Every door of the package, imported by name. */
async function doors() {
  const modules = await Promise.all([
    import("tavali"),
    import("tavali/text"),
    import("tavali/datasets"),
    import("tavali/equations"),
    import("tavali/formats"),
    import("tavali/recipes"),
  ]);
  return modules.map((module) => Object.keys(module).length);
}

/** The tasks by name. */
export const tasks = { train, predict, trainWriter, write, trainMarker, mark, refuse, ids, doors };
