/**
 * Sentiment: is a text negative or positive? The page reads as the work goes: options → data → model → training → result.
 * The options and the reasons for their defaults are in sentiment-options.ts.
 */
import { type LabelledTexts, splitTexts } from "../datasets/index.js";
import { DataError } from "../errors.js";
import {
  dense,
  dropout,
  embedding,
  globalAveragePooling1D,
  globalMaxPooling1D,
  type Layer,
  simpleRNN,
} from "../layers/index.js";
import { sequential } from "../models/index.js";
import { adam, rmsprop } from "../optimizers/index.js";
import { type Tensor, tensor } from "../tensor/tensor.js";
import { resolveOptions } from "./option-schema.js";
import type { SentimentData } from "./sentiment-data.js";
import type { Sentiment } from "./sentiment-metadata.js";
import { type SentimentOptions, sentimentOptions } from "./sentiment-options.js";
import {
  bestEpochOf,
  inWords,
  type Measure,
  reportTraining,
  resumable,
  sharedOptions,
  type TrainingHooks,
  type TrainingOutcome,
} from "./training-report.js";
import { Vocabulary } from "./vocabulary.js";

/** What {@link trainSentiment} returns. */
export interface SentimentResult extends Sentiment, TrainingOutcome {}

/** Validation accuracy chooses the best epoch. */
export const sentimentMeasure: Measure = { name: "accuracy", better: "higher" };

/**
 * Every option's value: what was given, else what suits the data, else the default.
 *
 * @throws ConfigError for an option out of range
 */
export function sentimentSettings(
  { settings }: Pick<SentimentData, "settings">,
  given: Partial<SentimentOptions>,
): SentimentOptions {
  return resolveOptions("trainSentiment", sentimentOptions, { ...settings, ...given });
}

/**
 * Trains a recurrent network to tell negative from positive texts, and keeps the epoch that is best on the validation part.
 *
 * @param data texts and labels to learn from and to be measured on
 * @param given values of `sentimentOptions`; for the others see `sentimentSettings`
 * @throws ConfigError for an option out of range, DataError for texts that cannot be learnt from
 * @example
 * const data = await loadSentimentData(undefined, 1);
 * const { test } = await trainSentiment(data, { encoder: "mean", epochs: 3 });
 */
export async function trainSentiment(
  data: SentimentData,
  given: Partial<SentimentOptions> = {},
  hooks: TrainingHooks = {},
): Promise<SentimentResult> {
  const options = sentimentSettings(data, given);
  const { seed, epochs, batchSize } = options;
  checkTexts("train", data.train);
  checkTexts("test", data.test);

  const vocabulary = Vocabulary.of(data.train.texts, options.vocabulary);
  const encode = ({ texts }: LabelledTexts) => vocabulary.encode(texts, options.length);
  // At random, since files often hold one class after the other.
  const { train, test: validation } = splitTexts(data.train, options.validation, seed);
  const x = encode(train);

  const layers = sentimentLayers(vocabulary.size, options);
  const model = sequential(layers, { seed });
  const { learningRate, clip } = options;
  const optimizer = options.optimizer === "adam" ? adam : rmsprop;
  model.compile({
    optimizer: optimizer({ learningRate, ...(clip > 0 ? { globalClipnorm: clip } : {}) }),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
  const parameters = model.countParams();
  hooks.onStart?.({
    layers: layers.map(inWords),
    parameters,
    details: `${vocabulary.size - 2} words known, at most ${x.shape[1]} words read`,
  });

  const begin = performance.now();
  const { history, callbacks } = reportTraining(model, options, sentimentMeasure, hooks);
  const { aborted } = await model.fit(x, targets(train), {
    validationData: [encode(validation), targets(validation)],
    epochs,
    batchSize,
    seed,
    callbacks,
    verbose: 0,
    fingerprint: sharedOptions("sentiment", options),
    ...resumable(hooks),
  });
  const seconds = (performance.now() - begin) / 1000;
  const bestEpoch = bestEpochOf(history, sentimentMeasure);

  const { loss, accuracy } = await model.evaluate(encode(data.test), targets(data.test), { batchSize });
  const test = { testLoss: loss!, accuracy: accuracy! };
  const metadata = {
    task: "sentiment",
    labels: data.classNames,
    vocabulary: vocabulary.words,
    length: options.length,
    options,
    result: { ...test, bestEpoch },
  } as const;
  return { model, metadata, vocabulary, history, bestEpoch, test, seconds, parameters, interrupted: aborted };
}

/** The layers: embedding → simpleRNN → dense, with a pooling layer before the last where the encoder is not "last". */
export function sentimentLayers(ids: number, options: SentimentOptions): Layer[] {
  const { encoder, units, wordDropout, recurrentDropout, window } = options;
  // Half the window is the stride, so that gradients reach back at least half of it from every step.
  const truncation = window > 0 ? { truncation: { window, stride: Math.ceil(window / 2) } } : {};
  return [
    embedding(ids, options.embedding, { maskZero: true, inputShape: [null] }),
    // [null, null, 1]: the numbers of a word share their noise, so that a word is there or not.
    ...(wordDropout > 0 ? [dropout(wordDropout, { noiseShape: [null, null, 1] })] : []),
    simpleRNN(units, {
      returnSequences: encoder !== "last",
      dropout: options.dropout,
      recurrentDropout,
      ...truncation,
    }),
    ...(encoder === "mean" ? [globalAveragePooling1D()] : []),
    ...(encoder === "max" ? [globalMaxPooling1D()] : []),
    dense(1, { activation: "sigmoid" }),
  ];
}

/** `[texts, 1]`: 1 for the second class. */
function targets({ labels }: LabelledTexts): Tensor {
  return tensor(Float32Array.from(labels), [labels.length, 1]);
}

function checkTexts(part: string, { texts, labels }: LabelledTexts): void {
  if (texts.length < 2) throw new DataError(`trainSentiment: ${part} has ${texts.length} texts; give at least two.`);
  if (texts.length !== labels.length) {
    throw new DataError(
      `trainSentiment: ${part} has ${texts.length} texts and ${labels.length} labels; give each text one label.`,
    );
  }
  const wrong = Array.from(labels).findIndex((label) => label !== 0 && label !== 1);
  if (wrong >= 0) throw new DataError(`trainSentiment: ${part} label ${wrong} is ${labels[wrong]}; expected 0 or 1.`);
}
