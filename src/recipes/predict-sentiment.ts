/** What a trained sentiment model says about texts, and how often it is right. */
import { DataError } from "../errors.js";
import { tensor } from "../tensor/tensor.js";
import type { SentimentTestData } from "./sentiment-data.js";
import type { Sentiment } from "./sentiment-metadata.js";

/** What the model says about one text. */
export interface SentimentPrediction {
  readonly text: string;
  /** The more probable class. */
  readonly label: string;
  /** The probability of that class, 0.5 to 1. */
  readonly probability: number;
  /** The probability of class 1, 0 to 1. */
  readonly score: number;
  /** Words it has never seen, each once. */
  readonly unknownWords: readonly string[];
}

const batchSize = 256;

/**
 * Classifies texts. What a text gets does not depend on the other texts.
 *
 * @example const [{ label, probability }] = await predictSentiment(sentiment, ["not bad at all"])
 */
export async function predictSentiment(
  { model, metadata, vocabulary }: Sentiment,
  texts: readonly string[],
): Promise<SentimentPrediction[]> {
  if (texts.length === 0) return [];
  const scores = await model.predict(vocabulary.encode(texts, metadata.length), { batchSize });
  return texts.map((text, i) => {
    const score = scores.data[i]!;
    const label = metadata.labels[score >= 0.5 ? 1 : 0]!;
    return { text, label, probability: Math.max(score, 1 - score), score, unknownWords: vocabulary.unknownWords(text) };
  });
}

/**
 * Loss and accuracy on labelled texts.
 *
 * @throws DataError when there are no texts, or they have a class that the model does not know
 */
export async function evaluateSentiment(
  { model, metadata, vocabulary }: Sentiment,
  { texts, labels, classNames, source }: SentimentTestData,
): Promise<{ loss: number; accuracy: number }> {
  if (texts.length === 0) throw new DataError(`${source}: there are no texts; give at least one.`);
  const classOf = classNames.map((name) => metadata.labels.indexOf(name));
  const y = Float32Array.from(labels, (label) => {
    const known = classOf[label]!;
    if (known >= 0) return known;
    throw new DataError(
      `${source}: has the class "${classNames[label]}"; this model knows ${metadata.labels.map((name) => `"${name}"`).join(" and ")}.`,
    );
  });
  const x = vocabulary.encode(texts, metadata.length);
  const { loss, accuracy } = await model.evaluate(x, tensor(y, [y.length, 1]), { batchSize });
  return { loss: loss!, accuracy: accuracy! };
}
