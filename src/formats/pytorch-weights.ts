/**
 * Weights of PyTorch's `nn.RNN`, `nn.LSTM` and `nn.GRU` ⇄ those of simpleRNN, lstm and gru. PyTorch keeps each matrix transposed, names
 * layers and directions in its keys, orders a GRU's gates r, z, n (here: z, r, g), and has two biases where there is here, except for the GRU, only
 * their sum. Nothing else differs: given these weights, the layers compute the same.
 */
import { ConfigError, ShapeError } from "../errors.js";
import { checkOptions, flag, formatValue, text } from "../options/index.js";
import { anyNumber, describeProblem, either, isRecord, list } from "../schema/index.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import { type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";

/** PyTorch's module: `nn.RNN` is `simpleRNN`, `nn.LSTM` is `lstm`, `nn.GRU` is `gru` (with resetAfter, the default). */
export type PyTorchModule = "RNN" | "LSTM" | "GRU";

/** For each gate of this library, in order, its position in PyTorch. */
const gatePositions: Readonly<Record<PyTorchModule, readonly number[]>> = {
  RNN: [0],
  LSTM: [0, 1, 2, 3],
  GRU: [1, 0, 2],
};

/** Options of `fromPyTorch`. */
export interface FromPyTorchOptions {
  /** Prefix of the module's names: "encoder." for `encoder.weight_ih_l0`. Default "". */
  readonly prefix?: string;
}

/** Options of `toPyTorch`. */
export interface ToPyTorchOptions extends FromPyTorchOptions {
  /** Whether the weights are those of `bidirectional` layers. Default false. */
  readonly bidirectional?: boolean;
  /** Whether the layers have biases. Default true. */
  readonly bias?: boolean;
}

/**
 * The weights of one of PyTorch's recurrent modules, in the order of `setWeights`: for each layer from the bottom up, and each direction,
 * kernel, recurrent kernel, bias.
 *
 * @param tensors a `state_dict` by name; other names are ignored
 * @throws ConfigError when there is no such module under that prefix, a tensor is missing, or it has projections; ShapeError when a tensor
 *   has another shape
 * @example
 * const model = sequential([bidirectional(lstm(32, { inputShape: [null, 8], returnSequences: true })), bidirectional(lstm(32))]);
 * model.setWeights(fromPyTorch("LSTM", JSON.parse(text))); // nn.LSTM(8, 32, num_layers=2, bidirectional=True)
 */
export function fromPyTorch(
  module: PyTorchModule,
  tensors: Readonly<Record<string, TensorLike>>,
  options: FromPyTorchOptions = {},
): Tensor[] {
  const { prefix = "" } = checkOptions<FromPyTorchOptions>("fromPyTorch", options, { prefix: text });
  const places = placesOf(module, "fromPyTorch");
  if (!isRecord(tensors)) {
    throw new ConfigError(
      `fromPyTorch: expected a state_dict, an object of tensors by name, received ${formatValue(tensors)}.`,
    );
  }
  const has = (name: string) => Object.hasOwn(tensors, prefix + name);
  if (!has("weight_ih_l0")) {
    const names = Object.keys(tensors).join(", ") || "nothing";
    throw new ConfigError(
      `fromPyTorch: there is no "${prefix}weight_ih_l0" in ${names}. Give the state_dict of an nn.${module}, or the prefix of its names as { prefix }.`,
    );
  }
  if (has("weight_hr_l0")) {
    throw new ConfigError(
      `fromPyTorch: "${prefix}weight_hr_l0" is a projection (proj_size), which lstm does not have.`,
    );
  }
  const weights: Tensor[] = [];
  for (let layer = 0; has(`weight_ih_l${layer}`); layer++) {
    for (const way of ["", "_reverse"].filter((way) => has(`weight_ih_l${layer}${way}`))) {
      const named = (name: string) => `${prefix}${name}_l${layer}${way}`;
      const units = unitsOf(tensors, named("weight_hh"), places.length);
      const columns = units * places.length;
      const read = (name: string, shape: Shape) => tensorOf(tensors, named(name), shape);
      const features = weightOf(tensors, named("weight_ih")).shape[1] ?? 0;
      weights.push(
        gatesSideBySide(read("weight_ih", [columns, features]), places),
        gatesSideBySide(read("weight_hh", [columns, units]), places),
      );
      if (Object.hasOwn(tensors, named("bias_ih"))) {
        const biases = ["bias_ih", "bias_hh"].map((name) => orderedBias(read(name, [columns]), places));
        weights.push(module === "GRU" ? rowsOf(biases) : sumOf(biases));
      }
    }
  }
  return weights;
}

/**
 * The inverse: tensors by PyTorch's names, for `load_state_dict`. A single bias becomes `bias_ih`, and `bias_hh` is 0.
 *
 * @param weights of one or several layers from the bottom up, in the order of `getWeights`
 * @throws ConfigError when their number does not fit the options; ShapeError when a weight has another shape, such as the bias of a gru
 *   without resetAfter
 * @example const dict = toPyTorch("GRU", model.getWeights().slice(0, 3));
 */
export function toPyTorch(
  module: PyTorchModule,
  weights: readonly TensorLike[],
  options: ToPyTorchOptions = {},
): Record<string, Tensor> {
  const checks = { prefix: text, bidirectional: flag, bias: flag };
  const { prefix = "", bidirectional = false, bias = true } = checkOptions("toPyTorch", options, checks);
  const places = placesOf(module, "toPyTorch");
  const ways = bidirectional ? ["", "_reverse"] : [""];
  const perWay = bias ? 3 : 2;
  if (weights.length === 0 || weights.length % (perWay * ways.length) !== 0) {
    throw new ConfigError(
      `toPyTorch: ${weights.length} weights are not those of whole layers, which have ${perWay * ways.length} each; ` +
        "check the options bias and bidirectional.",
    );
  }
  const result: Record<string, Tensor> = {};
  for (let i = 0; i < weights.length; i += perWay) {
    const number = i / perWay;
    const named = (name: string) =>
      `${prefix}${name}_l${Math.floor(number / ways.length)}${ways[number % ways.length]}`;
    const [kernel, recurrentKernel, bothBiases] = weights.slice(i, i + perWay).map((weight) => toTensor(weight));
    const units = recurrentKernel!.shape[0] ?? 0;
    const columns = units * places.length;
    checkShape(`kernel of ${named("weight_ih")}`, kernel!, [kernel!.shape[0] ?? 0, columns]);
    checkShape(`recurrent kernel of ${named("weight_hh")}`, recurrentKernel!, [units, columns]);
    result[named("weight_ih")] = gatesOneBelowAnother(kernel!, places);
    result[named("weight_hh")] = gatesOneBelowAnother(recurrentKernel!, places);
    if (!bothBiases) continue;
    checkShape(`bias of ${named("bias_ih")}`, bothBiases, module === "GRU" ? [2, columns] : [columns]);
    const back = places.map((_, gate) => places.indexOf(gate));
    const row = (from: number) =>
      orderedBias({ data: bothBiases.data.slice(from, from + columns), shape: [columns] }, back);
    const zeros = { data: numbersLike(bothBiases, columns), shape: [columns] };
    result[named("bias_ih")] = row(0);
    result[named("bias_hh")] = module === "GRU" ? row(columns) : zeros;
  }
  return result;
}

function placesOf(module: PyTorchModule, caller: string): readonly number[] {
  if (Object.hasOwn(gatePositions, module)) return gatePositions[module];
  throw new ConfigError(
    `${caller}: unknown module ${formatValue(module)}. Known are ${Object.keys(gatePositions).join(", ")}.`,
  );
}

function unitsOf(tensors: Readonly<Record<string, TensorLike>>, name: string, gates: number): number {
  const units = Object.hasOwn(tensors, name) ? weightOf(tensors, name).shape[1] : undefined;
  if (units === undefined) throw new ConfigError(`fromPyTorch: expected a matrix "${name}" [${gates} × units, units].`);
  return units;
}

const numbers = list(anyNumber);
const lists = either("a tensor, a list of numbers or a list of such lists", numbers, list(numbers));

/** A tensor of the dictionary, which may have come from a file: lists are checked before memory is allocated for them. */
function weightOf(tensors: Readonly<Record<string, TensorLike>>, name: string): Tensor {
  const given = tensors[name]!;
  if (Array.isArray(given)) {
    const problem = lists(given);
    if (problem) throw new ConfigError(`fromPyTorch: ${describeProblem(problem, formatValue(name))}.`);
    const uneven = given.findIndex((row) => Array.isArray(row) && row.length !== given[0].length);
    if (uneven >= 0) {
      throw new ShapeError(`PyTorch weights: row ${uneven} of "${name}" is not as long as the first; give whole rows.`);
    }
  }
  return toTensor(given, name);
}

function tensorOf(tensors: Readonly<Record<string, TensorLike>>, name: string, shape: Shape): Tensor {
  if (!Object.hasOwn(tensors, name)) throw new ConfigError(`fromPyTorch: "${name}" is missing.`);
  const found = weightOf(tensors, name);
  checkShape(`"${name}"`, found, shape);
  return found;
}

function checkShape(what: string, { shape }: Tensor, expected: Shape): void {
  if (sameShape(shape, expected)) return;
  throw new ShapeError(
    `PyTorch weights: the ${what} must be ${formatShape(expected)}, received ${formatShape(shape)}.`,
  );
}

/** As many zeros, in the precision of the tensor. */
function numbersLike({ data }: Tensor, length: number): Float32Array | Float64Array {
  return data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/** [gates × units, n] → [n, gates × units], the gates in this library's order. */
function gatesSideBySide(matrix: Tensor, places: readonly number[]): Tensor {
  const [columns, n] = matrix.shape as [number, number];
  const units = columns / places.length;
  const data = numbersLike(matrix, n * columns);
  places.forEach((place, gate) => {
    for (let u = 0; u < units; u++) {
      for (let i = 0; i < n; i++) data[i * columns + gate * units + u] = matrix.data[(place * units + u) * n + i]!;
    }
  });
  return { data, shape: [n, columns] };
}

/** [n, gates × units] → [gates × units, n], the gates in PyTorch's order. */
function gatesOneBelowAnother(matrix: Tensor, places: readonly number[]): Tensor {
  const [n, columns] = matrix.shape as [number, number];
  const units = columns / places.length;
  const data = numbersLike(matrix, n * columns);
  places.forEach((place, gate) => {
    for (let u = 0; u < units; u++) {
      for (let i = 0; i < n; i++) data[(place * units + u) * n + i] = matrix.data[i * columns + gate * units + u]!;
    }
  });
  return { data, shape: [columns, n] };
}

function orderedBias(bias: Tensor, places: readonly number[]): Tensor {
  const units = bias.data.length / places.length;
  const data = numbersLike(bias, bias.data.length);
  places.forEach((place, gate) => {
    data.set(bias.data.subarray(place * units, (place + 1) * units), gate * units);
  });
  return { data, shape: bias.shape };
}

function rowsOf([first, second]: readonly Tensor[]): Tensor {
  const { length } = first!.data;
  const data = numbersLike(first!, 2 * length);
  data.set(first!.data);
  data.set(second!.data, length);
  return { data, shape: [2, length] };
}

function sumOf([first, second]: readonly Tensor[]): Tensor {
  return {
    data: numbersLike(first!, first!.data.length).map((_, i) => first!.data[i]! + second!.data[i]!),
    shape: first!.shape,
  };
}
