/** What a sentiment model needs beside its weights, as plain data that goes into the model file, and the way back. */
import { FormatError } from "../errors.js";
import type { Model } from "../models/index.js";
import type { SentimentOptions } from "./sentiment-options.js";
import { Vocabulary } from "./vocabulary.js";

/** How well it did, and which epoch was kept. */
export interface SentimentScores {
  readonly testLoss: number;
  readonly accuracy: number;
  readonly bestEpoch: number;
}

/** The metadata of a sentiment model's file. */
export interface SentimentMetadata {
  readonly task: "sentiment";
  /** The names of class 0 and class 1; the model's output is the probability of class 1. */
  readonly labels: readonly string[];
  /** The known words in the order of their ids from 1 up; the first stands for unknown words. */
  readonly vocabulary: readonly string[];
  /** How many words of a text are read: the last ones. */
  readonly length: number;
  /** How it was trained. */
  readonly options: SentimentOptions;
  readonly result: SentimentScores;
  readonly [key: string]: unknown;
}

/** A sentiment model, ready to use. */
export interface Sentiment {
  readonly model: Model;
  readonly metadata: SentimentMetadata;
  readonly vocabulary: Vocabulary;
}

/**
 * A model from a file as a sentiment model.
 *
 * @param loaded what `loadModel` or `modelFromBytes` returned
 * @param name the file's name, for messages
 * @throws FormatError when it is a model for another task, or its metadata are not what `trainSentiment` wrote
 */
export function asSentiment(
  { model, metadata }: { model: Model; metadata: Readonly<Record<string, unknown>> },
  name: string,
): Sentiment {
  const { task, labels, vocabulary, length } = metadata;
  if (task !== "sentiment") {
    const found = typeof task === "string" ? `it is for "${task}"` : "it names no task";
    throw new FormatError(
      `${name}: this is no sentiment model: ${found}. Give a file that \`tavali train sentiment\` wrote.`,
    );
  }
  const two = Array.isArray(labels) && labels.length === 2 && labels.every((label) => typeof label === "string");
  if (!two) throw new FormatError(`${name}: the metadata do not name two classes. Save the model again.`);
  if (!Number.isInteger(length) || (length as number) < 1) {
    throw new FormatError(`${name}: the metadata do not say how many words are read. Save the model again.`);
  }
  return { model, metadata: metadata as SentimentMetadata, vocabulary: Vocabulary.fromJSON(vocabulary, name) };
}
