/** Preparation of data: it is checked here once, with hints in messages; programs trust it. */

import { ConfigError, DataError, ShapeError } from "../errors.js";
import type { CompiledModel } from "../execution/compiled-model.js";
import type { Network } from "../execution/network.js";
import { portName } from "../execution/ports.js";
import type { MaskedTensor } from "../execution/predict-batches.js";
import { counted } from "../options/index.js";
import { kindOf, notData } from "../tensor/kind.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { isTensor, type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";
import type { Examples, Rows } from "../training/index.js";
import { checkInputShape, outputShapesFor } from "./build-network.js";
import { type DataLike, nameOf, tensorsByName } from "./data-by-port.js";
import { checkFinite, checkIds, position, unequalCounts } from "./data-checks.js";
import { checkReader, type Doubt, type PreparedExamples, prepareTargets } from "./prepare-targets.js";
import { prepareWeight, type WeightOptions, weightsByOutput, weightsOfClasses } from "./prepare-weights.js";

/** Prepared data for a model's programs: tensors by the names of ports. */
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
    data[portName("x", i)] = tensor;
    const mask = isTensor(given) ? (given as MaskedTensor).mask : undefined;
    if (mask) data[portName("mask", i)] = prepareMask(mask, tensor.shape, name);
  });
  return { count, data };
}

/** The error for data without a row. */
export function noExamples(name: string): DataError {
  return new DataError(`${name}: there are no examples.`);
}

function prepareMask(given: TensorLike, shape: Shape, name: string): Tensor {
  const mask = toTensor(given, `${name}'s mask`, "masks");
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
  compiled: CompiledModel,
  x: DataLike,
  y: DataLike,
  { sampleWeight, classWeight }: WeightOptions = {},
  part = "",
  owner = "fit",
): PreparedExamples {
  const { outputs } = compiled;
  for (const output of outputs) checkReader(network, output);
  const { count, data: inputs } = prepareInputs(network, x, `${part}x`);
  const shapes = outputShapesFor(
    network,
    network.inputs.map((_, i) => inputs[portName("x", i)]!.shape),
  ) as readonly Shape[];
  const names = outputs.map(({ index }) => network.outputs[index]!.name);
  const data: Record<string, Tensor> = { ...inputs };
  const doubts: Doubt[] = [];
  tensorsByName(y, names, `${part}y`, (only) => only.length !== count, "labels").forEach((given, i) => {
    const name = nameOf(`${part}y`, names, i);
    const { targets, doubt } = prepareTargets(
      compiled,
      i,
      toTensor(given, name, "labels"),
      shapes[outputs[i]!.index]!,
      name,
    );
    data[portName("y", i)] = targets;
    if (doubt) doubts.push(doubt);
  });
  const withLoss = outputs.map(({ loss, index }) => ({ loss, prediction: shapes[index]! }));
  if (sampleWeight !== undefined && classWeight !== undefined) {
    throw new ConfigError(
      `${owner}: sampleWeight and classWeight cannot be combined; multiply them into sampleWeight yourself.`,
    );
  }
  if (classWeight) {
    if (outputs.length > 1)
      throw new ConfigError(`${owner}: classWeight needs a model with one output; give sampleWeight.`);
    data[portName("sampleWeight", 0)] = weightsOfClasses(data[portName("y", 0)]!, withLoss[0]!, classWeight, owner);
  }
  if (sampleWeight !== undefined) {
    weightsByOutput(sampleWeight, names, `${part}sampleWeight`).forEach((weight, i) => {
      if (!weight) return;
      data[portName("sampleWeight", i)] = prepareWeight(weight, withLoss[i]!, nameOf(`${part}sampleWeight`, names, i));
    });
  }
  return { examples: { count, data }, doubts };
}

/** The parts of `validationData`, where it is given. @throws DataError unless it is a list of x, y and perhaps weights */
export function validationParts(
  given: unknown,
): { readonly x: DataLike; readonly y: DataLike; readonly sampleWeight: DataLike | undefined } | undefined {
  if (given === undefined || given === null) return undefined;
  const expected = "[x, y] or [x, y, sampleWeight]";
  if (!Array.isArray(given)) throw notData("fit: validationData", given, expected);
  if (given.length < 2 || given.length > 3) {
    throw new DataError(`fit: validationData must be ${expected}, received ${kindOf(given)}.`);
  }
  const [x, y, sampleWeight] = given;
  return { x, y, sampleWeight };
}

/**
 * The examples to train on, and the last `share` of them to validate on. Sample weights are split with them.
 *
 * @param weighsClasses true if weights are those of classes, which are for training alone
 * @throws ConfigError when either part would be empty
 */
export function splitExamples(examples: Examples, share = 0, weighsClasses = false): [Examples, Examples | undefined] {
  if (share === 0) return [examples, undefined];
  const { count } = examples;
  const cut = Math.floor(count * (1 - share));
  if (!(cut > 0 && cut < count)) {
    throw new ConfigError(
      `fit: validationSplit ${share} of ${counted(count, "example")} leaves ${cut} to train on and ${count - cut} to validate on; both need at least one.`,
    );
  }
  const held = sliceExamples(examples, cut, count);
  const { [portName("sampleWeight", 0)]: _, ...unweighted } = held.data;
  return [sliceExamples(examples, 0, cut), weighsClasses ? { count: held.count, data: unweighted } : held];
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
