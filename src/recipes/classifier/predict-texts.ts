/** Predictions of a trained classifier, and its scores. */
import { DataError } from "../../errors.js";
import { type ClassificationReport, classificationReport, confusionMatrix } from "../../metrics/index.js";
import { expectParts, expectTexts } from "../../tensor/expect-text.js";
import type { FloatArray, Tensor } from "../../tensor/tensor.js";
import { checkAnswers, expectOpened } from "../check-answers.js";
import type { ClassifierTestData } from "./classifier-data.js";
import type { TextReader } from "./classifier-metadata.js";

/** Prediction for one text. */
export interface TextPrediction {
  readonly text: string;
  /** The most probable class. */
  readonly label: string;
  /** The probability of that class. */
  readonly probability: number;
  /** The probability of every class, by name. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Number of words or characters that were read. Where it is 0, the label depends on nothing in the text. */
  readonly tokens: number;
  /** Words or characters it has never seen, each once. */
  readonly unknown: readonly string[];
}

/** Scores of a model on labelled texts. */
export interface TextScores {
  /** Mean of −ln p(right class), in nats. */
  readonly loss: number;
  readonly accuracy: number;
  /** The mean over the classes of F1. */
  readonly macroF1: number;
  readonly report: ClassificationReport;
  /** Number of texts of class i that were taken for class j: row i, column j. */
  readonly confusion: readonly (readonly number[])[];
}

const batchSize = 256;
/** Least probability: a float32 softmax does not distinguish smaller ones from 0. */
const leastProbability = 1e-7;

/**
 * Classifies texts. What a text gets does not depend on the other texts.
 *
 * @example const [{ label, probability }] = await predictTexts(classifier, ["not bad at all"])
 */
export async function predictTexts(reader: TextReader, texts: readonly string[]): Promise<TextPrediction[]> {
  expectOpened("predictTexts: reader", "asClassifier", reader, ["model", "labels", "vocabulary"]);
  if (expectTexts("predictTexts: texts", texts).length === 0) return [];
  const { labels, vocabulary, length } = reader;
  const { data } = await probabilitiesOf(reader, texts);
  checkAnswers(data, "predict");
  return texts.map((text, i) => {
    const row = data.subarray(i * labels.length, (i + 1) * labels.length);
    const best = greatest(row);
    const probabilities = Object.fromEntries(labels.map((label, k) => [label, row[k]!]));
    const tokens = Math.min(length, vocabulary.cut(text).length);
    const unknown = vocabulary.unknown(text);
    return { text, label: labels[best]!, probability: row[best]!, probabilities, tokens, unknown };
  });
}

/**
 * Loss, accuracy, and precision, recall and F1 of every class on labelled texts.
 *
 * @throws DataError when there are no texts, or they have a class that the model does not know
 */
export async function evaluateTexts(reader: TextReader, given: ClassifierTestData): Promise<TextScores> {
  expectParts("evaluateTexts: classifier", reader, ["model", "labels"]);
  expectParts("evaluateTexts: data", given, ["texts", "labels", "classNames"]);
  const { texts, labels, classNames, source } = given;
  if (expectTexts(`${source}: texts`, texts).length === 0)
    throw new DataError(`${source}: there are no texts; give at least one.`);
  const known = reader.labels;
  const classOf = classNames.map((name) => known.indexOf(name));
  const y = Int32Array.from(labels, (label) => {
    if (classOf[label]! >= 0) return classOf[label]!;
    throw new DataError(
      `${source}: has the class "${classNames[label]}"; this model knows ${known.map((name) => `"${name}"`).join(", ")}.`,
    );
  });
  const { data } = await probabilitiesOf(reader, texts);
  checkAnswers(data, source);
  let loss = 0;
  const chosen = y.map((right, i) => {
    const row = data.subarray(i * known.length, (i + 1) * known.length);
    loss -= Math.log(Math.max(row[right]!, leastProbability)) / y.length;
    return greatest(row);
  });
  return { loss, ...scoresOf(y, chosen, known) };
}

/** Accuracy, macro-F1 and the table behind them, of class numbers that were chosen. */
export function scoresOf(right: Int32Array, chosen: Int32Array, labels: readonly string[]): Omit<TextScores, "loss"> {
  const shape = [right.length];
  const confusion = confusionMatrix({ data: right, shape }, { data: chosen, shape }, { classes: labels.length });
  const report = classificationReport(confusion, labels);
  return { accuracy: report.accuracy, macroF1: report.macro.f1, report, confusion };
}

/** Class probabilities, [texts, classes]. */
function probabilitiesOf({ model, vocabulary, length }: TextReader, texts: readonly string[]) {
  return model.predict(vocabulary.encode(texts, length), { batchSize }) as Promise<Tensor<FloatArray>>;
}

function greatest(row: Float32Array | Float64Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
