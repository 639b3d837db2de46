/**
 * What the tests do, the same in Node, in a page and in a worker: the package by its names, plain data in, plain data out.
 */
import { modelFromBytes, modelToBytes } from "tavali/formats";
import { asSentiment, loadSentimentData, predictSentiment, trainSentiment } from "tavali/recipes";

/** Trains a small sentiment model on the built-in corpus. */
async function train(encoder) {
  const corpus = await loadSentimentData(undefined, 1);
  const first = ({ texts, labels }, count) => ({ texts: texts.slice(0, count), labels: labels.slice(0, count) });
  const data = { ...corpus, train: first(corpus.train, 4000), test: first(corpus.test, 300) };
  const options = {
    encoder,
    epochs: 10,
    patience: 0,
    batchSize: 16,
    learningRate: 5e-3,
    units: 16,
    embedding: 16,
    seed: 3,
  };
  const { model, metadata, history, test } = await trainSentiment(data, options);
  const bytes = await modelToBytes(model, metadata);
  return { bytes: Array.from(bytes), losses: history.map(({ loss }) => loss), accuracy: test.accuracy };
}

/** What a model file says about texts. */
async function predict(bytes, texts) {
  const loaded = asSentiment(await modelFromBytes(Uint8Array.from(bytes), "model.tavali"), "model.tavali");
  return (await predictSentiment(loaded, texts)).map(({ score }) => score);
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
export const tasks = { train, predict, refuse, doors };
