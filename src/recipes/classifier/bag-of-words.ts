/**
 * The baseline that a recurrent model has to beat: multinomial logistic regression on the words of a text,
 * without their order. Minimises mean cross-entropy + l2/2 · ‖W‖² over the training texts by L-BFGS (Nocedal & Wright,
 * Numerical Optimization, algorithm 7.4) from zero weights; the problem is convex, so nothing depends on a seed.
 */

import { DataError } from "../../errors.js";
import {
  aFunction,
  checkOption,
  checkOptions,
  count,
  flag,
  notNegative,
  type OptionChecks,
  wholeNumber,
} from "../../options/index.js";
import { expectIds, expectTexts } from "../../tensor/expect-text.js";

/** Settings of {@link trainBagOfWords}. */
export interface BagOfWordsOptions {
  /** Number of classes. Default: the largest label + 1, at least 2. */
  classes?: number;
  /** Strength of the penalty on squared weights, relative to the mean loss. Default 1e-3. */
  l2?: number;
  /** Passes over all texts at most; training stops earlier at the optimum. Default 100. */
  epochs?: number;
  /** Add pairs of neighbouring words as features. Default false. */
  bigrams?: boolean;
  /** Use how often a word occurs instead of whether it occurs. Default false. */
  counts?: boolean;
  /** Splits a text into words. Default: lower-cased runs of letters, digits and apostrophes. */
  tokenize?: (text: string) => string[];
}

const bagOfWordsOptions: OptionChecks<BagOfWordsOptions> = {
  classes: wholeNumber(2),
  l2: notNegative,
  epochs: count,
  bigrams: flag,
  counts: flag,
  tokenize: aFunction,
};

/** A trained bag of words. */
export interface BagOfWords {
  /** Class probabilities, one row of length `classes` per text. */
  predict(texts: readonly string[]): Float64Array[];
  /** The fraction of `texts` whose most probable class is the label. */
  accuracy(texts: readonly string[], labels: ArrayLike<number>): number;
}

/** Sparse rows: features `ids[starts[i]] … ids[starts[i + 1] − 1]` of text i occur `values[…]` times. */
interface SparseRows {
  starts: number[];
  ids: number[];
  values: number[];
}

/**
 * Trains a bag of words.
 *
 * @param texts the training texts
 * @param labels one class per text, integers from 0 to classes − 1
 * @throws DataError if there are no texts, a label is missing or is not a class
 * @throws ConfigError if `classes`, `l2` or `epochs` is out of range
 * @example
 * const bag = trainBagOfWords(["fine film", "dull film"], [1, 0]);
 * bag.predict(["a fine plot"]); // [[0.005…, 0.994…]]
 */
export function trainBagOfWords(
  texts: readonly string[],
  labels: ArrayLike<number>,
  options: BagOfWordsOptions = {},
): BagOfWords {
  checkOptions("trainBagOfWords", options, bagOfWordsOptions);
  const { l2 = 1e-3, epochs = 100, bigrams = false, counts = false, tokenize = words } = options;
  expectTexts("trainBagOfWords: texts", texts);
  expectIds("trainBagOfWords: labels", labels);
  const classes = options.classes ?? Math.max(1, ...new Set(Array.from(labels))) + 1;
  checkOption("trainBagOfWords", "classes", classes, wholeNumber(2));
  checkLabels(texts, labels, classes);

  const features = (text: string) => (bigrams ? withPairs(tokenize(text)) : tokenize(text));
  const vocabulary = new Map<string, number>();
  const rows = sparseRows(texts, features, counts, (word) => {
    const id = vocabulary.get(word) ?? vocabulary.size;
    vocabulary.set(word, id);
    return id;
  });
  const objective = (weights: Float64Array, gradient: Float64Array) =>
    crossEntropy(rows, labels, classes, l2, weights, gradient);
  // One weight per feature and class; the last `classes` weights are the biases.
  const weights = minimize(objective, new Float64Array((vocabulary.size + 1) * classes), epochs);

  const predict = (unseen: readonly string[]): Float64Array[] => {
    expectTexts("predict: texts", unseen);
    const sparse = sparseRows(unseen, features, counts, (word) => vocabulary.get(word));
    return unseen.map((_, i) => probabilities(sparse, i, weights, new Float64Array(classes)));
  };
  const accuracy = (unseen: readonly string[], expected: ArrayLike<number>): number => {
    checkLabels(unseen, expected, classes);
    const hits = predict(unseen).filter((row, i) => row.indexOf(Math.max(...row)) === expected[i]);
    return hits.length / unseen.length;
  };
  return { predict, accuracy };
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

function withPairs(tokens: string[]): string[] {
  return [...tokens, ...tokens.slice(1).map((word, i) => `${tokens[i]} ${word}`)];
}

function sparseRows(
  texts: readonly string[],
  features: (text: string) => string[],
  counts: boolean,
  idOf: (feature: string) => number | undefined,
): SparseRows {
  const rows: SparseRows = { starts: [0], ids: [], values: [] };
  for (const text of texts) {
    const occurrences = new Map<number, number>();
    for (const feature of features(text)) {
      const id = idOf(feature);
      if (id !== undefined) occurrences.set(id, counts ? (occurrences.get(id) ?? 0) + 1 : 1);
    }
    for (const [id, count] of occurrences) {
      rows.ids.push(id);
      rows.values.push(count);
    }
    rows.starts.push(rows.ids.length);
  }
  return rows;
}

/** softmax(x · W + b) of one row, written into `output` [classes]. */
function probabilities({ starts, ids, values }: SparseRows, row: number, weights: Float64Array, output: Float64Array) {
  const classes = output.length;
  output.set(weights.subarray(weights.length - classes));
  for (let k = starts[row]!; k < starts[row + 1]!; k++) {
    for (let c = 0; c < classes; c++) output[c]! += values[k]! * weights[ids[k]! * classes + c]!;
  }
  const largest = Math.max(...output);
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    output[c] = Math.exp(output[c]! - largest);
    sum += output[c]!;
  }
  for (let c = 0; c < classes; c++) output[c]! /= sum;
  return output;
}

/** Mean cross-entropy + l2/2 · ‖W‖² (the biases are free); overwrites `gradient` with its derivative. */
function crossEntropy(
  rows: SparseRows,
  labels: ArrayLike<number>,
  classes: number,
  l2: number,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const count = labels.length;
  const biases = weights.length - classes;
  const error = new Float64Array(classes);
  let loss = 0;
  gradient.fill(0);
  for (let i = 0; i < count; i++) {
    probabilities(rows, i, weights, error);
    loss -= Math.log(Math.max(error[labels[i]!]!, Number.MIN_VALUE)) / count;
    error[labels[i]!]! -= 1; // d loss / d logits = probabilities − one-hot label
    for (let c = 0; c < classes; c++) gradient[biases + c]! += error[c]! / count;
    for (let k = rows.starts[i]!; k < rows.starts[i + 1]!; k++) {
      const at = rows.ids[k]! * classes;
      for (let c = 0; c < classes; c++) gradient[at + c]! += (error[c]! * rows.values[k]!) / count;
    }
  }
  for (let j = 0; j < biases; j++) {
    loss += (l2 / 2) * weights[j]! * weights[j]!;
    gradient[j]! += l2 * weights[j]!;
  }
  return loss;
}

type Objective = (point: Float64Array, gradient: Float64Array) => number;

const memory = 6; // curvature pairs kept; each costs two vectors as long as the weights
const tolerance = 1e-5; // gradient norm at which accuracy no longer moves

/** L-BFGS with Armijo backtracking; at most `evaluations` calls of `objective`. Returns the best point. */
function minimize(objective: Objective, start: Float64Array, evaluations: number): Float64Array {
  const pairs: { step: Float64Array; change: Float64Array; curvature: number }[] = [];
  let point = start;
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  for (let used = 1; used < evaluations; ) {
    const norm = Math.sqrt(dot(gradient, gradient));
    if (norm < tolerance) break;
    const direction = descent(gradient, pairs);
    const slope = dot(direction, gradient);
    const next = new Float64Array(point.length);
    const nextGradient = new Float64Array(point.length);
    let rate = pairs.length ? 1 : 1 / norm;
    let nextValue = Number.POSITIVE_INFINITY;
    for (; used < evaluations; rate /= 2) {
      for (let j = 0; j < next.length; j++) next[j] = point[j]! + rate * direction[j]!;
      nextValue = objective(next, nextGradient);
      used++;
      if (nextValue <= value + 1e-4 * rate * slope) break;
    }
    if (nextValue >= value) break;
    const step = next.map((x, j) => x - point[j]!);
    const change = nextGradient.map((x, j) => x - gradient[j]!);
    pairs.push({ step, change, curvature: dot(step, change) });
    if (pairs.length > memory) pairs.shift();
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  return point;
}

/** −H · gradient by the two-loop recursion, H the inverse Hessian that the pairs estimate. */
function descent(
  gradient: Float64Array,
  pairs: readonly { step: Float64Array; change: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((x) => -x);
  const scales: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, curvature } = pairs[i]!;
    scales[i] = dot(step, direction) / curvature;
    addScaled(direction, -scales[i]!, change);
  }
  const latest = pairs.at(-1);
  if (latest) {
    const size = latest.curvature / dot(latest.change, latest.change);
    for (let j = 0; j < direction.length; j++) direction[j]! *= size;
  }
  pairs.forEach(({ step, change, curvature }, i) => {
    addScaled(direction, scales[i]! - dot(change, direction) / curvature, step);
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

function addScaled(target: Float64Array, scale: number, source: Float64Array): void {
  for (let j = 0; j < target.length; j++) target[j]! += scale * source[j]!;
}

function checkLabels(texts: readonly string[], labels: ArrayLike<number>, classes: number): void {
  if (texts.length === 0) throw new DataError("bag of words: there are no texts; pass at least one.");
  if (texts.length !== labels.length) {
    throw new DataError(
      `bag of words: ${texts.length} texts came with ${labels.length} labels; give each text one label.`,
    );
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new DataError(`bag of words: label ${label} of text ${i} must be an integer from 0 to ${classes - 1}.`);
  }
}
