/** Inspection of a classifier on a text, word by word: prediction after each word, states, and gradients through time. */

import { ConfigError, DataError } from "../../errors.js";
import { type Inspection, inspect, type ResponsiveUnit, responsiveUnits } from "../../inspection/index.js";
import { expectText } from "../../tensor/expect-text.js";
import { type Tensor, tensor } from "../../tensor/tensor.js";
import { expectOpened } from "../check-answers.js";
import type { TextReader } from "./classifier-metadata.js";

/** Result of an inspection. */
export interface TextInspection {
  readonly text: string;
  /** The word or character of each step; one that the model has never seen is in ‹ ›. */
  readonly words: readonly string[];
  /** The class whose loss is looked at. */
  readonly label: string;
  /** The probability that the model gives that class. */
  readonly probability: number;
  /** Prediction after each word, as if the text ended there: the probability of every class, by name. */
  readonly verdicts: readonly Readonly<Record<string, number>>[];
  /** For each recurrent layer, in the order of `inspection.layers`, the units that the text moves most. */
  readonly responsive: readonly { readonly layer: string; readonly units: readonly ResponsiveUnit[] }[];
  readonly inspection: Inspection;
}

/**
 * Inspects a classifier on a text: prediction, states, gates and gradients at every word.
 *
 * @param label the class that the text has; by default the one the model finds most probable but one, whose gradients are the larger
 * @throws ConfigError when the model knows no such class, DataError for a text without words
 * @example const { words, verdicts } = await inspectText(classifier, "not bad at all", "positive");
 */
export async function inspectText(reader: TextReader, text: string, label?: string): Promise<TextInspection> {
  expectOpened("inspectText: reader", "asClassifier", reader, ["model", "labels", "vocabulary"]);
  const { model, vocabulary, labels, length } = reader;
  const all = vocabulary.tokens(expectText("inspectText: text", text));
  if (all.length === 0) {
    const { pieces } = vocabulary.data;
    throw new DataError(`inspect: the text ${JSON.stringify(text)} has no ${pieces}; give one with at least one.`);
  }
  const x = vocabulary.encode([text], length);
  const verdicts = await verdictsAfterEachWord(reader, x);
  const last = verdicts.at(-1)!;
  const chosen = label ?? secondOf(last);
  if (!labels.includes(chosen)) {
    throw new ConfigError(`inspect: the model knows the classes "${labels.join('", "')}", received "${chosen}".`);
  }
  const target = labels.indexOf(chosen);
  const inspection = await inspect(model, x, tensor(Int32Array.of(target), [1, 1]));
  const words = all.slice(-x.shape[1]!);
  return {
    text,
    words,
    label: chosen,
    probability: last[chosen]!,
    verdicts,
    responsive: inspection.layers.map((layer) => ({ layer: layer.name, units: responsiveUnits(layer) })),
    inspection,
  };
}

/** The whole classifier on every beginning of a text, padded behind as texts are: a batch of as many rows as steps. */
async function verdictsAfterEachWord({ model, labels }: TextReader, { data, shape }: Tensor<Int32Array>) {
  const steps = shape[1]!;
  const beginnings = new Int32Array(steps * steps);
  for (let t = 0; t < steps; t++) beginnings.set(data.subarray(0, t + 1), t * steps);
  const { data: all } = (await model.predict(tensor(beginnings, [steps, steps]), { batchSize: 64 })) as Tensor;
  return Array.from({ length: steps }, (_, t) =>
    Object.fromEntries(labels.map((name, k) => [name, all[t * labels.length + k]!])),
  );
}

function secondOf(verdict: Readonly<Record<string, number>>): string {
  return Object.entries(verdict).sort(([, a], [, b]) => b - a)[1]![0];
}
