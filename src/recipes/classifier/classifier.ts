/**
 * Text classification: which of some classes does a text belong to? Negative or positive is the case of two. The page reads as the work
 * goes: options → data → model → training → result. The options and the reasons for their defaults are in classifier-options.ts.
 */

import { type LabelledTexts, splitTexts } from "../../datasets/index.js";
import { DataError } from "../../errors.js";
import type { Layer } from "../../layers/index.js";
import { f1Score } from "../../metrics/index.js";
import { type Model, sequential } from "../../models/index.js";
import { adam, adamw, rmsprop } from "../../optimizers/index.js";
import { checkOptions, counted } from "../../options/index.js";
import { expectIds, expectParts, expectTexts } from "../../tensor/expect-text.js";
import { type Tensor, tensor } from "../../tensor/tensor.js";
import type { WordVectors } from "../../text/index.js";
import { readsPersian } from "../reads-persian.js";
import { resolveOptions } from "../resolve-options.js";
import {
  inWords,
  type Measure,
  reportTraining,
  resumable,
  sharedOptions,
  type TrainingHooks,
  type TrainingOutcome,
  trainingHooks,
} from "../training-report.js";
import type { ClassifierData } from "./classifier-data.js";
import { classifierTask } from "./classifier-fields.js";
import { classifierLayers } from "./classifier-layers.js";
import type { Classifier } from "./classifier-metadata.js";
import { type ClassifierOptions, classifierOptions } from "./classifier-options.js";
import { equalTextsNote } from "./equal-texts.js";
import { evaluateTexts, type TextScores } from "./predict-texts.js";
import { Vocabulary } from "./vocabulary.js";
import { setWordVectors } from "./word-vector-weights.js";

/** Result of {@link trainClassifier}. */
export interface ClassifierResult extends Classifier, TrainingOutcome {
  /** Scores on the test texts, class by class. */
  readonly scores: TextScores;
}

const optimizers = { rmsprop, adam, adamw };

/** Number that chooses the best epoch. */
export function classifierMeasure(options: Pick<ClassifierOptions, "measure">): Measure {
  expectParts("classifierMeasure: options", options, ["measure"]);
  const { measure } = options;
  return { name: measure, better: measure === "loss" ? "lower" : "higher" };
}

/**
 * Every option's value: what was given, else what suits the data, else the default.
 *
 * @throws ConfigError for an option out of range
 */
export function classifierSettings(
  data: Pick<ClassifierData, "settings">,
  given: Partial<ClassifierOptions> = {},
): ClassifierOptions {
  expectParts("classifierSettings: data", data, []);
  return resolveOptions("trainClassifier", classifierOptions, given, data.settings);
}

/**
 * Trains a recurrent network to tell classes of texts apart, and keeps the epoch that is best on the validation part.
 *
 * @param data texts and labels to learn from and to be measured on
 * @param given values of `classifierOptions`; for the others see `classifierSettings`
 * @throws ConfigError for an option out of range, DataError for texts that cannot be learnt from
 * @example
 * const data = await loadClassifierData("tweets.tsv", { columns: { text: "tweet", label: "class" } });
 * const { test } = await trainClassifier(data, { bidirectional: true, epochs: 3 });
 */
export async function trainClassifier(
  data: ClassifierData,
  given: Partial<ClassifierOptions> = {},
  hooks: TrainingHooks = {},
): Promise<ClassifierResult> {
  checkOptions("trainClassifier", hooks, trainingHooks);
  expectParts("trainClassifier: data", data, ["train", "test", "classNames"]);
  expectTexts("trainClassifier: classNames", data.classNames);
  const settings = classifierSettings(data, given);
  const { seed, epochs, batchSize } = settings;
  const { classNames } = data;
  for (const part of ["train", "test"] as const) checkTexts(part, data[part], classNames);

  const vocabulary = await vocabularyOf(data.train, settings);
  const vectors = await data.vectors?.(new Set(vocabulary.data.known));
  if (vectors?.words.length === 0) throw noVectors(vocabulary);
  const options = vectors ? { ...settings, embedding: vectors.dimension } : settings;
  const encode = ({ texts }: LabelledTexts) => vocabulary.encode(texts, options.length);
  // At random, since files often hold one class after the other.
  const { train, test: validation } = splitTexts(data.train, options.validation, seed);
  const x = encode(train);

  const layers = classifierLayers(vocabulary.size, classNames.length, options);
  const model = compiled(layers, options);
  if (vectors) setWordVectors(model, vocabulary, vectors);
  const parameters = model.countParams();
  const facts = [readingOf(vocabulary, vectors, x.shape[1]!), ...equalTextsNote(vocabulary, train)];
  hooks.onStart?.({ layers: layers.map(inWords), parameters, details: facts.join("; ") });

  const measure = classifierMeasure(options);
  const { callbacks, finish } = reportTraining(model, options, measure, hooks);
  const { aborted } = await model.fit(x, targets(train), {
    validationData: [encode(validation), targets(validation)],
    epochs,
    batchSize,
    seed,
    callbacks,
    verbose: 0,
    lengths: lengthsOf(x),
    fingerprint: sharedOptions(classifierTask.task, options),
    ...(options.balanced && { classWeight: balancedWeights(train, classNames.length) }),
    ...resumable(hooks),
  });
  const trained = finish();
  const { bestEpoch } = trained;

  const use = { model, vocabulary, labels: classNames, length: options.length };
  const about = {
    task: classifierTask.task,
    labels: classNames,
    vocabulary: vocabulary.data,
    length: options.length,
    options,
  } as const;
  if (bestEpoch > 0) await hooks.onTrained?.({ model, metadata: { ...about, result: { bestEpoch } } });
  const scores = await evaluateTexts(use, { ...data.test, classNames, source: data.source });
  const test = { testLoss: scores.loss, accuracy: scores.accuracy, macroF1: scores.macroF1 };
  const metadata = { ...about, result: { ...test, bestEpoch } };
  return { ...use, ...trained, metadata, test, scores, parameters, interrupted: aborted };
}

function noVectors({ data: { known, pieces } }: Vocabulary): DataError {
  return new DataError(
    `trainClassifier: none of the ${known.length} ${pieces} of the texts has a vector in the file of word vectors. ` +
      "Give vectors of the language of the texts, or leave them out.",
  );
}

function readingOf({ data: { known, pieces } }: Vocabulary, vectors: WordVectors | undefined, length: number): string {
  const begun = vectors ? `, ${vectors.words.length} of them with a vector to begin with` : "";
  return `${known.length} ${pieces} known${begun}, at most ${length} ${pieces} read`;
}

/** The words or characters of the training texts that are known. */
async function vocabularyOf({ texts }: LabelledTexts, options: ClassifierOptions): Promise<Vocabulary> {
  const { pieces, vocabulary: limit, minCount } = options;
  return Vocabulary.of(texts, { pieces, persian: await readsPersian(options.normalize, texts) }, { limit, minCount });
}

function compiled(layers: Layer[], { optimizer, learningRate, clip, seed }: ClassifierOptions): Model {
  return sequential(layers, { seed }).compile({
    optimizer: optimizers[optimizer]({ learningRate, ...(clip > 0 ? { globalClipnorm: clip } : {}) }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy", f1Score({ name: "macroF1" })],
  });
}

/** n / (classes · texts of the class): every class then weighs the same, and all texts together as many as they are. */
function balancedWeights({ labels }: LabelledTexts, classes: number): Record<number, number> {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]!++;
  const present = counts.filter((count) => count > 0).length;
  return Object.fromEntries(Array.from(counts, (count, i) => [i, count > 0 ? labels.length / (present * count) : 1]));
}

/** Number of words or characters of each text before the padding. */
function lengthsOf({ data, shape: [texts, time] }: Tensor): Int32Array {
  return Int32Array.from({ length: texts! }, (_, i) => {
    const padding = data.subarray(i * time!, (i + 1) * time!).indexOf(0);
    return padding < 0 ? time! : padding;
  });
}

/** `[texts, 1]`: the number of each text's class. */
function targets({ labels }: LabelledTexts): Tensor {
  return tensor(Int32Array.from(labels), [labels.length, 1]);
}

function checkTexts(part: string, data: LabelledTexts, { length: classes }: readonly string[]): void {
  expectParts(`trainClassifier: ${part}`, data, ["texts", "labels"]);
  const { texts, labels } = data;
  expectTexts(`trainClassifier: ${part}.texts`, texts);
  expectIds(`trainClassifier: ${part}.labels`, labels);
  if (texts.length < 2)
    throw new DataError(`trainClassifier: ${part} has ${counted(texts.length, "text")}; give at least two.`);
  if (texts.length !== labels.length) {
    throw new DataError(
      `trainClassifier: ${part} has ${texts.length} texts and ${labels.length} labels; give each text one label.`,
    );
  }
  const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) {
    throw new DataError(
      `trainClassifier: ${part} label ${wrong} is ${labels[wrong]}; expected a whole number from 0 to ${classes - 1}.`,
    );
  }
}
