/** Data at the door: everything is checked here once, with messages that say what to change; programs trust what they are given. */
import { ConfigError, DataError, ShapeError } from "../errors.js";
import type { Loss } from "../losses/index.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import { type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";
import type { Examples } from "../training/index.js";
import { checkInputShape, type Network } from "./network.js";

/** Weight of each class by its number; classes that are not named weigh 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/** How much examples count. */
export interface WeightOptions {
  /** One weight per example [n], or per step [n, time]; [n, 1] shares one among all steps. */
  readonly sampleWeight?: TensorLike;
  readonly classWeight?: ClassWeight;
}

/** The shape of data that has not been checked yet. */
export function dataShape(x: TensorLike): readonly number[] {
  if (typeof x === "object" && "shape" in x) return x.shape;
  const shape: number[] = [];
  for (let item: unknown = x; Array.isArray(item) || ArrayBuffer.isView(item); item = (item as unknown[])[0]) {
    shape.push((item as unknown[]).length);
  }
  return shape;
}

/** Inputs that fit the network: ids are whole numbers in range, other numbers are finite. */
export function prepareInputs(network: Network, x: TensorLike, name = "x"): Tensor {
  const tensor = toTensor(x, name);
  checkInputShape(name, network.inputShape, tensor.shape);
  if (tensor.shape[0] === 0) throw new DataError(`${name}: there are no examples.`);
  if (network.idLimit !== undefined) checkIds(tensor, network.idLimit, name);
  else checkFinite(tensor, name);
  return tensor;
}

/** Inputs, targets and weights that fit the network and one another. */
export function prepareExamples(
  network: Network,
  loss: Loss,
  x: TensorLike,
  y: TensorLike,
  weights: WeightOptions = {},
  part = "",
): Examples {
  const inputs = prepareInputs(network, x, `${part}x`);
  const count = inputs.shape[0]!;
  const prediction = predictionShape(network, inputs.shape);
  const targets = prepareTargets(loss, toTensor(y, `${part}y`), prediction, `${part}y`);
  const { sampleWeight, classWeight } = weights;
  if (sampleWeight !== undefined && classWeight !== undefined) {
    throw new ConfigError(
      "fit: sampleWeight and classWeight cannot be combined; multiply them into sampleWeight yourself.",
    );
  }
  if (classWeight)
    return { count, x: inputs, y: targets, sampleWeight: weightsOfClasses(targets, prediction, classWeight) };
  if (sampleWeight === undefined) return { count, x: inputs, y: targets };
  const weight = toTensor(sampleWeight, `${part}sampleWeight`);
  if (weight.shape[0] !== count) throw unequalCounts(`${part}sampleWeight`, weight.shape, count);
  if (weight.shape.length > 2) {
    throw new ShapeError(
      `${part}sampleWeight: expected [examples] or [examples, time], received ${formatShape(weight.shape)}.`,
    );
  }
  checkFinite(weight, `${part}sampleWeight`);
  return { count, x: inputs, y: targets, sampleWeight: weight };
}

/** Batch-first shape of the first output for inputs of a shape. */
export function predictionShape(network: Network, inputs: Shape): number[] {
  const shape = network.layers.reduce<readonly (number | null)[]>(
    (known, { layer }) => layer.outputShapes(known)[0]!,
    inputs,
  );
  return shape.map((axis) => axis!);
}

function prepareTargets(loss: Loss, y: Tensor, prediction: Shape, name: string): Tensor {
  const expected = loss.targetShape(prediction);
  if (y.shape[0] !== prediction[0]) throw unequalCounts(name, y.shape, prediction[0]!);
  const axes = (shape: Shape) =>
    shape
      .slice(1)
      .filter((size) => size !== 1)
      .join();
  if (sizeOf(y.shape) !== sizeOf(expected) || axes(y.shape) !== axes(expected)) {
    throw new ShapeError(
      `${name}: the loss ${loss.name} compares predictions ${formatShape(prediction)} with targets ${formatShape(expected)}, ` +
        `received ${formatShape(y.shape)}. ${adviceOn(loss, y.shape, prediction)}`,
    );
  }
  const targets = { data: y.data, shape: expected };
  if (loss.targets === "int") checkIds(targets, prediction.at(-1)!, name, "class");
  else checkFinite(targets, name);
  return targets;
}

function adviceOn(loss: Loss, y: Shape, prediction: Shape): string {
  if (loss.name === "categoricalCrossentropy")
    return "For class numbers use sparseCategoricalCrossentropy, or make them one-hot with toCategorical.";
  if (loss.targets === "int") return "It takes class numbers; for one-hot targets use categoricalCrossentropy.";
  if (y.length < prediction.length)
    return "For one answer per sequence the last recurrent layer needs returnSequences: false.";
  return "For one answer per step the recurrent layers need returnSequences: true.";
}

function checkIds({ data, shape }: Tensor, limit: number, name: string, what = "id"): void {
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if (id >= 0 && id < limit && Number.isInteger(id)) continue;
    throw new DataError(
      `${name}: the value ${id} at ${position(i, shape)} is no ${what}; expected whole numbers from 0 to ${limit - 1}. ` +
        (what === "id"
          ? "Give the embedding a larger inputDim, or replace rare words by an out-of-vocabulary id."
          : "Give the last layer one unit per class."),
    );
  }
}

function checkFinite({ data, shape }: Tensor, name: string): void {
  if (data instanceof Int32Array || data instanceof Uint8Array) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new DataError(
      `${name}: the value at ${position(i, shape)} is ${data[i]}; replace missing values before training.`,
    );
  }
}

/** "[3, 0]": where element i of a row-major tensor is. */
function position(i: number, shape: Shape): string {
  const indices: number[] = [];
  let rest = i;
  for (const size of shape.toReversed()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return formatShape(indices);
}

function weightsOfClasses(y: Tensor, prediction: Shape, classWeight: ClassWeight): Tensor {
  if (prediction.length > 2) {
    throw new ConfigError(
      "fit: classWeight needs one label per example; for labels at every step give sampleWeight [examples, time].",
    );
  }
  const count = prediction[0]!;
  const columns = sizeOf(y.shape) / count;
  const data = Float32Array.from({ length: count }, (_, row) => classWeight[classOf(y, row, columns)] ?? 1);
  return { data, shape: [count] };
}

function classOf({ data }: Tensor, row: number, columns: number): number {
  if (columns === 1) return Math.round(data[row]!);
  let best = 0;
  for (let column = 1; column < columns; column++)
    if (data[row * columns + column]! > data[row * columns + best]!) best = column;
  return best;
}

function unequalCounts(name: string, shape: Shape, count: number): ShapeError {
  return new ShapeError(
    `${name}: x has ${count} examples, but ${name} is ${formatShape(shape)}; give one row per example.`,
  );
}

/**
 * The examples to train on, and the last `share` of them to validate on.
 *
 * @throws ConfigError when either part would be empty
 */
export function splitExamples(examples: Examples, share = 0): [Examples, Examples | undefined] {
  if (share === 0) return [examples, undefined];
  const { count } = examples;
  const cut = Math.floor(count * (1 - share));
  if (!(cut > 0 && cut < count)) {
    throw new ConfigError(
      `fit: validationSplit ${share} of ${count} examples leaves ${cut} to train on and ${count - cut} to validate on; both need at least one.`,
    );
  }
  return [sliceExamples(examples, 0, cut), sliceExamples(examples, cut, count)];
}

/** Rows first … last − 1 of prepared examples. */
function sliceExamples({ x, y, sampleWeight }: Examples, first: number, last: number): Examples {
  const cut = <R extends { data: Examples["x"]["data"]; shape: Shape }>({ data, shape }: R) => {
    const size = sizeOf(shape.slice(1));
    return { data: data.subarray(first * size, last * size) as typeof data, shape: [last - first, ...shape.slice(1)] };
  };
  return { count: last - first, x: cut(x), y: cut(y), sampleWeight: sampleWeight && cut(sampleWeight) };
}
