/**
 * Preparation of targets that fit the prediction and the loss. A label that is wrong by itself, such as −1, may stand at a step that a mask leaves out;
 * which steps these are, only the network knows. So it is a doubt here, and checked again once the masks have been computed.
 */
import { ConfigError, DataError, ShapeError } from "../errors.js";
import type { CompiledModel, CompiledOutput } from "../execution/compiled-model.js";
import type { Network } from "../execution/network.js";
import { portName } from "../execution/ports.js";
import { warnOnce } from "../layers/index.js";
import type { Loss } from "../losses/index.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Examples, Rows } from "../training/index.js";
import { isId, position, unequalCounts } from "./data-checks.js";

/** Targets of which some are wrong unless a mask leaves out their steps. */
export interface Doubt {
  /** Index of the network's output. */
  readonly output: number;
  readonly port: string;
  isWrong(value: number): boolean;
  /** The error for element i, if its value counts. */
  errorAt(i: number): DataError;
}

/** Examples, and doubts to check again once masks are known. */
export interface PreparedExamples {
  readonly examples: Examples;
  readonly doubts: readonly Doubt[];
}

/** Largest distance from a range by rounding. */
const ROUNDING = 1e-5;

/** @throws ConfigError unless a loss that reads a certain layer has it, and that layer has its loss */
export function checkReader({ nodes, outputs }: Network, { index, loss }: CompiledOutput): void {
  const { value, name } = outputs[index]!;
  const { layer } = nodes.find((node) => node.outputs.includes(value))?.layer ?? {};
  if (!layer || (loss.reads === undefined && !layer.decode) || loss.reads === layer.type) return;
  throw new ConfigError(
    loss.reads === "CRF"
      ? `compile: crfLoss reads the output of a crf layer, but the output "${name}" is made by ${layer.type} "${layer.name}". End it with crf(tags), or choose another loss.`
      : `compile: the layer ${layer.type} "${layer.name}" has outputs that only its own loss can read, but the loss of "${name}" is ${loss.name}. Choose crfLoss.`,
  );
}

/**
 * @param prediction batch-first shape of the prediction that the targets are compared with
 * @throws ShapeError where shapes differ; DataError for a value that the loss cannot read, unless it is a doubt
 */
export function prepareTargets(
  compiled: CompiledModel,
  i: number,
  y: Tensor,
  prediction: Shape,
  name: string,
): { readonly targets: Tensor; readonly doubt?: Doubt } {
  const { loss, index } = compiled.outputs[i]!;
  const targets = { data: y.data, shape: fittingShape(loss, y, prediction, name) };
  const { isWrong, problemOf } = checkOf(loss, prediction);
  let wrong = 0;
  while (wrong < targets.data.length && !isWrong(targets.data[wrong]!)) wrong++;
  if (wrong < targets.data.length) {
    const errorAt = (at: number) => {
      const value = targets.data[at]!;
      const place = position(at, targets.shape);
      return new DataError(
        Number.isFinite(value)
          ? `${name}: the value ${value} at ${place} ${problemOf(value)}`
          : `${name}: the value at ${place} is ${value}; replace missing values first, or leave their steps out by a mask.`,
      );
    };
    const inSteps = prediction.length > 2 && loss.targetShape(prediction)[1] === prediction[1];
    if (!inSteps) throw errorAt(wrong);
    return { targets, doubt: { output: index, port: portName("y", i), isWrong, errorAt } };
  }
  const problem = loss.problemIn?.(targets);
  if (problem !== undefined) throw new DataError(`${name}: ${problem}`);
  if (loss.distribution) warnOfSums(compiled, loss, targets, name);
  return { targets };
}

/** The examples once masks are known: labels that do not count are 0. @throws DataError for one that does count */
export function settleDoubts({ examples, doubts }: PreparedExamples, masks: readonly (Rows | undefined)[]): Examples {
  const { count, data } = examples;
  const settled = doubts.map(({ output, port, isWrong, errorAt }) => {
    const { data: labels, shape } = data[port]!;
    const width = sizeOf(shape.slice(2));
    const mask = masks[output];
    const counted = labels.slice();
    for (let i = 0; i < counted.length; i++) {
      if (!isWrong(counted[i]!)) continue;
      if (mask?.data[Math.floor(i / width)] !== 0) throw errorAt(i);
      counted[i] = 0;
    }
    return [port, { data: counted, shape }] as const;
  });
  return { count, data: { ...data, ...Object.fromEntries(settled) } };
}

/** Check of values that a loss cannot read, and the message for one. */
function checkOf(loss: Loss, prediction: Shape): { isWrong(value: number): boolean; problemOf(value: number): string } {
  if (loss.targets === "int") {
    const classes = prediction.at(-1)!;
    const left = loss.ignores === undefined ? "" : `, or ${loss.ignores}, which is ignored`;
    return {
      isWrong: (value) => !isId(value, classes) && value !== loss.ignores,
      problemOf: (value) =>
        `is not a class; expected whole numbers from 0 to ${classes - 1}${left}. ${adviceOnClass(loss, value, classes)}`,
    };
  }
  const [least, most] = loss.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    isWrong: (value) => !Number.isFinite(value) || value < least - ROUNDING || value > most + ROUNDING,
    problemOf: () =>
      `is outside ${least} … ${most}, where the loss ${loss.name} expects targets. ${adviceOnRange(loss)}`,
  };
}

function adviceOnClass(loss: Loss, value: number, classes: number): string {
  if (value === classes)
    return `Classes are counted from 0: subtract 1 from labels that begin at 1, or give the last layer ${classes + 1} units.`;
  if (!(value < 0)) return "Give the last layer one unit per class.";
  const masked = "Labels of steps that a mask leaves out may be any number";
  return loss.name === "sparseCategoricalCrossentropy"
    ? `${masked}; to leave out others give the loss ignoreClass: sparseCategoricalCrossentropy({ ignoreClass: ${value} }).`
    : `${masked}, so let a mask leave out steps without a label: masking, or maskZero of an embedding.`;
}

function adviceOnRange({ name }: Loss): string {
  if (/hinge/i.test(name)) return "Give labels -1 and 1, or 0 and 1.";
  return name.startsWith("binary")
    ? "For class numbers give the last layer one unit per class and take sparseCategoricalCrossentropy; for labels -1 and 1 take hinge."
    : "For class numbers take sparseCategoricalCrossentropy, or make them one-hot with toCategorical.";
}

/** Warns of rows that do not sum to 1. A row that is all 0 leaves an example out. */
function warnOfSums(about: object, loss: Loss, { data, shape }: Tensor, name: string): void {
  const classes = shape.at(-1)!;
  for (let start = 0; start < data.length; start += classes) {
    let sum = 0;
    for (let i = start; i < start + classes; i++) sum += data[i]!;
    if (sum === 0 || Math.abs(sum - 1) < 1e-3) continue;
    warnOnce(
      about,
      `${name}: the targets of a row sum to ${Number(sum.toPrecision(4))}, but ${loss.name} takes one class for each, or probabilities that sum to 1. ` +
        'Where several classes are right at once, take activation: "sigmoid" and binaryCrossentropy.',
    );
    return;
  }
}

function fittingShape(loss: Loss, y: Tensor, prediction: Shape, name: string): Shape {
  const expected = loss.targetShape(prediction).map((axis, i) => axis ?? y.shape[i] ?? 1);
  if (y.shape[0] !== prediction[0]) throw unequalCounts(name, y.shape, prediction[0]!);
  const axes = (shape: Shape) =>
    shape
      .slice(1)
      .filter((size) => size !== 1)
      .join();
  if (sizeOf(y.shape) === sizeOf(expected) && axes(y.shape) === axes(expected)) return expected;
  throw new ShapeError(
    `${name}: the loss ${loss.name} compares predictions ${formatShape(prediction)} with targets ${formatShape(expected)}, ` +
      `received ${formatShape(y.shape)}. ${adviceOnShape(loss, y.shape, expected, prediction)}`,
  );
}

function adviceOnShape(loss: Loss, y: Shape, expected: Shape, prediction: Shape): string {
  const oneHot = y.length > 1 && y.at(-1) === prediction.at(-1);
  if (loss.name === "categoricalCrossentropy" && !oneHot)
    return "For class numbers use sparseCategoricalCrossentropy, or make them one-hot with toCategorical.";
  if (loss.name === "crfLoss")
    return "It takes the number of a tag at every step, [batch, time]; the last layer is crf(tags).";
  if (loss.targets === "int" && oneHot && y.length === prediction.length)
    return "It takes class numbers; for one-hot targets use categoricalCrossentropy.";
  if (y.length < expected.length)
    return "For one answer per sequence the last recurrent layer needs returnSequences: false.";
  return "For one answer per step the recurrent layers need returnSequences: true.";
}
