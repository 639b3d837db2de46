/** Metadata of a text classifier: plain data in the model file that predictions need besides the weights, and reading them back. */

import type { Model } from "../../models/index.js";
import { checkSchema, distinctTexts, fields, is, optional } from "../../schema/index.js";
import { checkModel, optionsSchema } from "../check-model.js";
import { checkLoaded } from "../check-task.js";
import { optionProblem } from "../option-schema.js";
import { classifierTask } from "./classifier-fields.js";
import { type ClassifierOptions, classifierOptions } from "./classifier-options.js";
import { Vocabulary, type VocabularyData } from "./vocabulary.js";

/** Scores, and the number of the epoch that was kept. */
export interface ClassifierScores {
  readonly testLoss: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly bestEpoch: number;
}

/** The metadata of a text classifier's file. */
export interface ClassifierMetadata {
  readonly task: "classification";
  /** The names of the classes; the model's output i is the probability of class i. */
  readonly labels: readonly string[];
  /** Settings for cutting texts, and the known words or characters. */
  readonly vocabulary: VocabularyData;
  /** Number of words or characters of a text that are read: the last ones. */
  readonly length: number;
  /** Options of the training. */
  readonly options: ClassifierOptions;
  readonly result: ClassifierScores;
  readonly [key: string]: unknown;
}

/** Parts of a classifier that predictions need. */
export interface TextReader {
  readonly model: Model;
  readonly vocabulary: Vocabulary;
  /** The names of the classes, in the order of the model's outputs. */
  readonly labels: readonly string[];
  /** Number of words or characters of a text that are read: the last ones. */
  readonly length: number;
}

/** A text classifier, ready to use. */
export interface Classifier extends TextReader {
  readonly metadata: ClassifierMetadata;
}

const schema = fields({
  labels: distinctTexts({ least: 2 }),
  length: is((value) => optionProblem(classifierOptions.length, value)),
  options: optional(optionsSchema(classifierOptions)),
});

/**
 * A model from a file as a text classifier.
 *
 * @param loaded what `loadModel` or `modelFromBytes` returned
 * @param name the file's name, for messages
 * @throws FormatError when it is a model for another task, or its metadata are not what `trainClassifier` wrote
 */
export function asClassifier(
  loaded: { model: Model; metadata: Readonly<Record<string, unknown>> },
  name: string,
): Classifier {
  checkLoaded("asClassifier", loaded, classifierTask, name);
  const { model, metadata } = loaded;
  checkSchema(metadata, schema, { name, what: "metadata", advice: "Save the model again." });
  const { labels, length, vocabulary: data } = metadata as ClassifierMetadata;
  const vocabulary = Vocabulary.fromJSON(data, name);
  const form = {
    inputs: [{ what: vocabulary.data.pieces, ids: vocabulary.size, shape: [null, null] }],
    output: { what: "one probability per class", shape: [null, labels.length] },
  };
  checkModel(model, form, name);
  return { model, vocabulary, labels, length, metadata: metadata as ClassifierMetadata };
}
