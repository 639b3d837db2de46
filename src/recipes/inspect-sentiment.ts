/** Gradients through time of a sentiment model on one text, word by word. */
import { ConfigError } from "../errors.js";
import { type Inspection, inspect } from "../inspection/index.js";
import { tensor } from "../tensor/tensor.js";
import { predictSentiment } from "./predict-sentiment.js";
import type { Sentiment } from "./sentiment-metadata.js";

/** What was found out about a model on a text. */
export interface SentimentInspection {
  readonly text: string;
  /** The word of each step; a word that the model has never seen is in ‹ ›. */
  readonly words: readonly string[];
  /** The class whose loss is looked at. */
  readonly label: string;
  /** The probability that the model gives that class. */
  readonly probability: number;
  readonly inspection: Inspection;
}

/**
 * What a text does to a sentiment model: states, gates and gradients at every word.
 *
 * @param label the class that the text has; by default the one the model finds less probable, whose gradients are the larger
 * @throws ConfigError when the model knows no such class
 * @example const { words, inspection } = await inspectSentiment(sentiment, "not bad at all", "positive");
 */
export async function inspectSentiment(
  sentiment: Sentiment,
  text: string,
  label?: string,
): Promise<SentimentInspection> {
  const { model, metadata, vocabulary } = sentiment;
  const { labels, length } = metadata;
  const score = (await predictSentiment(sentiment, [text]))[0]!.score;
  const chosen = label ?? labels[score >= 0.5 ? 0 : 1]!;
  if (!labels.includes(chosen)) {
    throw new ConfigError(`inspect: the model knows the classes "${labels.join('" and "')}", received "${chosen}".`);
  }
  const target = labels.indexOf(chosen);
  const x = vocabulary.encode([text], length);
  const inspection = await inspect(model, x, tensor(Float32Array.of(target), [1, 1]));
  const words = vocabulary.tokens(text).slice(-x.shape[1]!);
  return {
    text,
    // A text without words is one step of padding.
    words: words.length > 0 ? words : [""],
    label: chosen,
    probability: target === 1 ? score : 1 - score,
    inspection,
  };
}
