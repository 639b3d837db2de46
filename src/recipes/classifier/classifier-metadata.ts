/** What a text classifier needs beside its weights, as plain data that goes into the model file, and the way back. */
import { FormatError } from "../../errors.js";
import type { Model } from "../../models/index.js";
import { checkTask } from "../check-task.js";
import type { ClassifierOptions } from "./classifier-options.js";
import { Vocabulary, type VocabularyData } from "./vocabulary.js";

/** How well it did, and which epoch was kept. */
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
  /** How texts are cut, and the known words or characters. */
  readonly vocabulary: VocabularyData;
  /** How many words or characters of a text are read: the last ones. */
  readonly length: number;
  /** How it was trained. */
  readonly options: ClassifierOptions;
  readonly result: ClassifierScores;
  readonly [key: string]: unknown;
}

/** What classifying takes. */
export interface TextReader {
  readonly model: Model;
  readonly vocabulary: Vocabulary;
  /** The names of the classes, in the order of the model's outputs. */
  readonly labels: readonly string[];
  /** How many words or characters of a text are read: the last ones. */
  readonly length: number;
}

/** A text classifier, ready to use. */
export interface Classifier extends TextReader {
  readonly metadata: ClassifierMetadata;
}

/**
 * A model from a file as a text classifier.
 *
 * @param loaded what `loadModel` or `modelFromBytes` returned
 * @param name the file's name, for messages
 * @throws FormatError when it is a model for another task, or its metadata are not what `trainClassifier` wrote
 */
export function asClassifier(
  { model, metadata }: { model: Model; metadata: Readonly<Record<string, unknown>> },
  name: string,
): Classifier {
  const { labels, length } = metadata;
  checkTask(metadata, "classification", name);
  const several = Array.isArray(labels) && labels.length > 1 && labels.every((label) => typeof label === "string");
  if (!several) throw new FormatError(`${name}: the metadata do not name two classes or more. Save the model again.`);
  if (!Number.isInteger(length) || (length as number) < 1) {
    throw new FormatError(`${name}: the metadata do not say how much of a text is read. Save the model again.`);
  }
  const vocabulary = Vocabulary.fromJSON(metadata.vocabulary, name);
  return { model, vocabulary, labels, length: length as number, metadata: metadata as ClassifierMetadata };
}
