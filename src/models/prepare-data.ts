/** Data at the door: everything is checked here once, with messages that say what to change; programs trust what they are given. */
import { ConfigError, DataError, ShapeError } from "../errors.js";
import type { Loss } from "../losses/index.js";
import { kindOf, notData } from "../tensor/kind.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { isRecord, isTensor, type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";
import type { Examples, Rows } from "../training/index.js";
import { type DataLike, listByName, nameOf, tensorsByName } from "./data-by-port.js";
import { type Compiled, port } from "./judge.js";
import { checkInputShape, type Network, outputShapesFor } from "./network.js";
import type { MaskedTensor } from "./predict-batches.js";

/** Weight of each class by its number; classes that are not named weigh 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/** How much examples count. */
export interface WeightOptions {
  /**
   * One weight per example [n], or per step [n, time]; [n, 1] shares one among all steps. One for all outputs, or a list or record with
   * one for each.
   */
  readonly sampleWeight?: DataLike;
  /** For models with one output. */
  readonly classWeight?: ClassWeight;
}

/** Data on its way to a model's programs: tensors by the names these have for them. */
export type PreparedData = Readonly<Record<string, Tensor>>;

/** Inputs that fit the network: ids are whole numbers in range, other numbers are finite. */
export function prepareInputs(network: Network, x: DataLike, what = "x"): { count: number; data: PreparedData } {
  const names = network.inputs.map(({ name }) => name);
  const data: Record<string, Tensor> = {};
  let count = 0;
  tensorsByName(x, names, what).forEach((given, i) => {
    const name = nameOf(what, names, i);
    const { shape, idLimit } = network.inputs[i]!;
    const tensor = toTensor(given, name);
    if (tensor.shape[0] === 0) throw noExamples(name);
    checkInputShape(name, shape, tensor.shape);
    if (i > 0 && tensor.shape[0] !== count) throw unequalCounts(name, tensor.shape, count);
    count = tensor.shape[0]!;
    if (idLimit !== undefined) checkIds(tensor, idLimit, name);
    else checkFinite(tensor, name);
    data[port("x", i)] = tensor;
    const mask = isTensor(given) ? (given as MaskedTensor).mask : undefined;
    if (mask) data[port("mask", i)] = prepareMask(mask, tensor.shape, name);
  });
  return { count, data };
}

/** The error for data without a row. */
export function noExamples(name: string): DataError {
  return new DataError(`${name}: there are no examples.`);
}

function prepareMask(given: TensorLike, shape: Shape, name: string): Tensor {
  const mask = toTensor(given, `${name}'s mask`);
  const expected = `its mask must say of each of the ${formatShape(shape.slice(0, 2))} steps whether it is valid, 1 or 0`;
  if (!sameShape(mask.shape, shape.slice(0, 2))) {
    throw new ShapeError(`${name}: ${expected}; received ${formatShape(mask.shape)}.`);
  }
  const wrong = mask.data.findIndex((value) => value !== 0 && value !== 1);
  if (wrong === -1) return mask;
  throw new DataError(`${name}: ${expected}; at ${position(wrong, mask.shape)} it is ${mask.data[wrong]}.`);
}

/** Inputs, targets and weights that fit the network and one another. */
export function prepareExamples(
  network: Network,
  { outputs }: Compiled,
  x: DataLike,
  y: DataLike,
  weights: WeightOptions = {},
  part = "",
): Examples {
  const { count, data: inputs } = prepareInputs(network, x, `${part}x`);
  const shapes = outputShapesFor(
    network,
    network.inputs.map((_, i) => inputs[port("x", i)]!.shape),
  ) as readonly Shape[];
  const names = outputs.map(({ index }) => network.outputs[index]!.name);
  const data: Record<string, Tensor> = { ...inputs };
  tensorsByName(y, names, `${part}y`, (only) => only.length !== count).forEach((given, i) => {
    const name = nameOf(`${part}y`, names, i);
    const { loss, index } = outputs[i]!;
    data[port("y", i)] = prepareTargets(loss, toTensor(given, name), shapes[index]!, name);
  });
  const { sampleWeight, classWeight } = weights;
  if (sampleWeight !== undefined && classWeight !== undefined) {
    throw new ConfigError(
      "fit: sampleWeight and classWeight cannot be combined; multiply them into sampleWeight yourself.",
    );
  }
  if (classWeight) {
    if (outputs.length > 1) throw new ConfigError("fit: classWeight needs a model with one output; give sampleWeight.");
    data[port("sampleWeight", 0)] = weightsOfClasses(data[port("y", 0)]!, shapes[outputs[0]!.index]!, classWeight);
  }
  if (sampleWeight !== undefined) {
    weightsByOutput(sampleWeight, names, `${part}sampleWeight`).forEach((weight, i) => {
      if (weight) data[port("sampleWeight", i)] = prepareWeight(weight, count, nameOf(`${part}sampleWeight`, names, i));
    });
  }
  return { count, data };
}

/** One weight for each output; what is no list or record of tensors is for all of them. */
function weightsByOutput(given: DataLike, names: readonly string[], what: string): (TensorLike | undefined)[] {
  const isList =
    Array.isArray(given) && given.some((item) => isTensor(item) || ArrayBuffer.isView(item) || item === null);
  if (!isRecord(given) && !isList) return names.map(() => given as TensorLike);
  return listByName<TensorLike>(given, names, what, () => false);
}

function prepareWeight(given: TensorLike, count: number, name: string): Tensor {
  const weight = toTensor(given, name);
  if (weight.shape[0] !== count) throw unequalCounts(name, weight.shape, count);
  if (weight.shape.length > 2) {
    throw new ShapeError(`${name}: expected [examples] or [examples, time], received ${formatShape(weight.shape)}.`);
  }
  checkFinite(weight, name);
  return weight;
}

function prepareTargets(loss: Loss, y: Tensor, prediction: Shape, name: string): Tensor {
  const expected = loss.targetShape(prediction).map((axis, i) => axis ?? y.shape[i] ?? 1);
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
  if (loss.targets === "int") checkIds(targets, prediction.at(-1)!, name, "class", loss.ignores);
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

/** @throws DataError naming the first value that is no whole number in [0, limit), nor the one that is left out */
export function checkIds(
  { data, shape }: { readonly data: ArrayLike<number>; readonly shape: Shape },
  limit: number,
  name: string,
  what = "id",
  except?: number,
): void {
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if ((id >= 0 && id < limit && Number.isInteger(id)) || id === except) continue;
    throw new DataError(
      `${name}: ${typeof id === "number" ? `the value ${id}` : kindOf(id)} at ${position(i, shape)} is no ${what}; expected whole numbers from 0 to ${limit - 1}. ` +
        (what === "id"
          ? "Give the embedding a larger inputDim, or replace rare words by an out-of-vocabulary id."
          : "Give the last layer one unit per class."),
    );
  }
}

/** @throws DataError naming the first value that is no finite number */
export function checkFinite(
  { data, shape }: { readonly data: ArrayLike<number>; readonly shape: Shape },
  name: string,
): void {
  if (ArrayBuffer.isView(data) && !(data instanceof Float32Array || data instanceof Float64Array)) return;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (Number.isFinite(value)) continue;
    throw new DataError(
      `${name}: the value at ${position(i, shape)} is ${typeof value === "number" ? value : kindOf(value)}; replace missing values first.`,
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

/** The parts of `validationData`, where it is given. @throws DataError unless it is a list of x, y and perhaps weights */
export function validationParts(
  given: readonly [DataLike, DataLike, DataLike?] | undefined,
): { readonly x: DataLike; readonly y: DataLike; readonly sampleWeight: DataLike | undefined } | undefined {
  if (given === undefined) return undefined;
  const expected = "a list: [x, y] or [x, y, sampleWeight]";
  if (!Array.isArray(given)) throw notData("fit: validationData", given, expected);
  if (given.length < 2 || given.length > 3) {
    throw new DataError(`fit: validationData must be ${expected}; received ${kindOf(given)}.`);
  }
  const [x, y, sampleWeight] = given;
  return { x, y, sampleWeight };
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
function sliceExamples({ data }: Examples, first: number, last: number): Examples {
  const cut = ({ data, shape }: Rows): Rows => {
    const size = sizeOf(shape.slice(1));
    return { data: data.subarray(first * size, last * size), shape: [last - first, ...shape.slice(1)] };
  };
  return {
    count: last - first,
    data: Object.fromEntries(Object.entries(data).map(([name, rows]) => [name, cut(rows)])),
  };
}
