/** Preparation of weights of examples and classes, in the shape of losses. */

import { ConfigError, DataError, ShapeError } from "../errors.js";
import type { Loss } from "../losses/index.js";
import { formatValue } from "../options/index.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import { isRecord, isTensor, type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";
import { type DataLike, listByName } from "./data-by-port.js";
import { checkFinite, isId, position, unequalCounts } from "./data-checks.js";

/** Weight of each class by its number; classes that are not named weigh 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/** Options of weights. */
export interface WeightOptions {
  /**
   * One weight per example [n], or per step [n, time]; [n, 1] shares one among all steps. One for all outputs, or a list or record with
   * one for each.
   */
  readonly sampleWeight?: DataLike;
  /** For models with one output, and for training: examples held out by `validationSplit` have weight 1. */
  readonly classWeight?: ClassWeight;
}

/** A loss and the batch-first shape of its prediction. */
interface WeightedLoss {
  readonly loss: Loss;
  readonly prediction: Shape;
}

/** One weight for each output; a value that is not a list or record of tensors is for all outputs. */
export function weightsByOutput(given: DataLike, names: readonly string[], what: string): (TensorLike | undefined)[] {
  const isList =
    Array.isArray(given) && given.some((item) => isTensor(item) || ArrayBuffer.isView(item) || item === null);
  if (!isRecord(given) && !isList) return names.map(() => given as TensorLike);
  return listByName<TensorLike>(given, names, what, () => false);
}

/** @throws ShapeError where weights do not belong to the losses of the output; DataError for one that is not finite */
export function prepareWeight(given: TensorLike, { loss, prediction }: WeightedLoss, name: string): Tensor {
  const weight = toTensor(given, name, "weights");
  const [count, steps] = prediction as [number, number];
  if (weight.shape[0] !== count) throw unequalCounts(name, weight.shape, count);
  checkFinite(weight, name);
  checkTotal(weight, name);
  const each = sizeOf(weight.shape) / count;
  if (each === 1 && (loss.sequences || prediction.length < 3)) return { data: weight.data, shape: [count] };
  const problem = (expected: string) => new ShapeError(`${name}: ${expected}; received ${formatShape(weight.shape)}.`);
  if (loss.sequences) {
    throw problem(`the loss ${loss.name} is one number for each sequence, so give one weight per example [${count}]`);
  }
  if (prediction.length < 3) {
    const hint = each > 1 ? ", or let the recurrent layers give one answer per step (returnSequences: true)" : "";
    throw problem(`the model gives one answer per example, so give one weight per example [${count}]${hint}`);
  }
  if (weight.shape.length === 1 && steps > 1) {
    throw problem(
      "the loss has one number per step, so a weight per example is ambiguous. " +
        `Give [${count}, 1] for one weight per example, or [${count}, ${steps}] for one per step`,
    );
  }
  if (weight.shape.slice(2).every((size) => size === 1) && (each === 1 || each === steps)) {
    return { data: weight.data, shape: [count, each] };
  }
  throw problem(
    `the model gives ${steps} answers per example, so give one weight per step [${count}, ${steps}], or [${count}, 1] for one per example`,
  );
}

/** @throws DataError where a weight, or the sum of them, is beyond the 32-bit numbers that losses are computed in */
function checkTotal({ data, shape }: Tensor, name: string): void {
  let total = 0;
  for (let i = 0; i < data.length; i++) {
    const weight = data[i]!;
    total += Math.abs(weight);
    if (Math.abs(weight) > MOST) {
      throw new DataError(
        `${name}: the weight at ${position(i, shape)} is ${weight}, beyond 3.4e38, the largest number of 32 bits.`,
      );
    }
  }
  if (total <= MOST) return;
  throw new DataError(
    `${name}: the weights sum to ${total}, beyond 3.4e38, the largest number of 32 bits; divide them all by one number.`,
  );
}

/** The largest finite number of 32 bits. */
const MOST = 3.4028234663852886e38;

/** The weight of each example's class. @throws ConfigError for weights that are not numbers, or of an unknown class */
export function weightsOfClasses(
  y: Tensor,
  { loss, prediction }: WeightedLoss,
  classWeight: ClassWeight,
  owner: string,
): Tensor {
  if (prediction.length > 2) {
    throw new ConfigError(
      `${owner}: classWeight needs one label per example; for labels at every step give sampleWeight [examples, time].`,
    );
  }
  const count = prediction[0]!;
  const columns = sizeOf(y.shape) / count;
  checkClassWeight(classWeight, classesOf(loss, columns, prediction.at(-1)!), owner);
  const data = Float32Array.from({ length: count }, (_, row) => classWeight[classOf(y, row, columns)] ?? 1);
  checkTotal({ data, shape: [count] }, `${owner}: classWeight`);
  return { data, shape: [count] };
}

/** Number of classes of targets; undefined where targets are real numbers. */
function classesOf(loss: Loss, columns: number, outputs: number): number | undefined {
  if (columns > 1) return columns;
  if (loss.targets === "int") return outputs;
  return loss.range?.[0] === 0 && loss.range[1] === 1 ? 2 : undefined;
}

function checkClassWeight(classWeight: ClassWeight, classes: number | undefined, owner: string): void {
  if (typeof classWeight !== "object" || classWeight instanceof Map || classWeight instanceof Set) {
    const kind = classWeight instanceof Map ? "a Map" : classWeight instanceof Set ? "a Set" : formatValue(classWeight);
    const hint = classWeight instanceof Map ? " Object.fromEntries makes one of a Map." : "";
    throw new ConfigError(
      `${owner}: classWeight is ${kind}; give an object with a weight for each class, such as { 0: 1, 1: 5 }.${hint}`,
    );
  }
  for (const [key, weight] of Object.entries(classWeight)) {
    if (!Number.isInteger(Number(key)) || (classes !== undefined && !isId(Number(key), classes))) {
      const known = classes === undefined ? "whole numbers" : `0 to ${classes - 1}`;
      throw new ConfigError(
        `${owner}: classWeight has a weight for ${JSON.stringify(key)}, which is not a class; classes are ${known}.`,
      );
    }
    if (!Number.isFinite(weight) || !Number.isFinite(Math.fround(weight))) {
      throw new DataError(
        `${owner}: classWeight[${key}] is ${formatValue(weight)}; expected a number from −3.4e38 to 3.4e38.`,
      );
    }
  }
}

function classOf({ data }: Tensor, row: number, columns: number): number {
  if (columns === 1) return Math.round(data[row]!);
  let best = 0;
  for (let column = 1; column < columns; column++)
    if (data[row * columns + column]! > data[row * columns + best]!) best = column;
  return best;
}
