/**
 * End of a training step whose batch ran in several shards. The gradients that they left are added up in the order of the shards, and every
 * thread updates its rows of each large weight; equal numbers of threads give equal bits.
 */
import type { Equations } from "../compiler/compile.js";
import { add, input, maximum, mul, type Node, reciprocal, slice, sumSquares, variable } from "../equations/index.js";
import type { Optimizer } from "../optimizers/index.js";
import { sizeOf } from "../tensor/shape.js";
import type { CompiledModel } from "./compiled-model.js";
import type { GradientForms } from "./gradient-form.js";
import { type Network, trainedOf } from "./network.js";
import type { Parameter } from "./network-weights.js";
import { penaltyOf, withPenalties } from "./penalties.js";
import { portName } from "./ports.js";
import { lossNames, shardVariable } from "./shard-names.js";
import { rowsOfShard } from "./sparse-gradients.js";
import { type GradientSource, gradientOf, type ParameterSlice, sliceUpdates, wholeParameter } from "./updates.js";

/** Size below which a weight is not worth slicing. */
const MIN_SLICED_SIZE = 4096;

/** The part of an update that one program does. */
export interface UpdatePart {
  readonly index: number;
  readonly count: number;
  /** The form of the gradients that each shard left. */
  readonly forms: readonly GradientForms[];
}

/** The number of parts into which the update of a network's weights is divided. */
export function updatePartCount(network: Network, shards: number): number {
  return trainedOf(network).some((parameter) => isSliced(parameter, shards)) ? shards : 1;
}

/** True for a weight that is sliced. Regularizers and constraints may need all of it. */
function isSliced({ shape, regularizer, constraint }: Parameter, count: number): boolean {
  return count > 1 && !regularizer && !constraint && shape[0]! >= count && sizeOf(shape) >= MIN_SLICED_SIZE;
}

/** The slices of one part: its rows of every large weight, and, of the first part, all small ones. */
function slicesOf(parameters: readonly Parameter[], { index, count }: UpdatePart): ParameterSlice[] {
  return parameters.flatMap((parameter): ParameterSlice[] => {
    if (!isSliced(parameter, count)) return index === 0 ? [wholeParameter(parameter)] : [];
    const rows = parameter.shape[0]!;
    const [start, end] = [index, index + 1].map((edge) => Math.round((edge * rows) / count)) as [number, number];
    return [{ parameter, slice: (value) => slice(value, 0, start, end - start) }];
  });
}

/** True if gradients are limited by a norm, which must be known before any weight is updated. */
export function needsNorms({ clip }: Optimizer): boolean {
  return clip.clipnorm !== undefined || clip.globalClipnorm !== undefined;
}

/** Gradients as shards left them. @param isSummed true if `normEquations` has put the sum into the first shard's variable */
function leftGradients({ outputs }: CompiledModel, { forms }: UpdatePart, isSummed: boolean): GradientSource {
  const shards = forms.length;
  // Shards of several outputs have divided each loss by its count already.
  const scaled = (sum: Node): Node =>
    outputs.length > 1 ? sum : mul(sum, reciprocal(maximum(totalOf(shards, portName("lossCount")), 1)));
  return {
    form: ({ id }) => forms[0]![id]!,
    numbers: ({ parameter, slice }) => {
      const { id, shape } = parameter;
      const left = forms.map((_, shard) => slice(shardVariable(shard, id, shape)));
      return isSummed ? left[0]! : withPenalties([parameter], [scaled(add(...left))])[0]!;
    },
    rows: (parameter) =>
      forms.map((of, shard) => {
        const form = of[parameter.id]!;
        return rowsOfShard(shard, parameter, form.kind === "sparse" ? form.count : 0);
      }),
    scaled,
  };
}

/** The sum of a number that every shard left. */
function totalOf(shards: number, name: string): Node {
  return add(...Array.from({ length: shards }, (_, shard) => shardVariable(shard, name, [])));
}

const isSparse = ({ id }: Parameter, { forms }: UpdatePart): boolean => forms[0]![id]!.kind === "sparse";

/** Adds the shards' gradients up, in the first shard's variables, and leaves Σ g² of each slice in a variable: of sparse ones only that. */
export function normEquations(network: Network, compiled: CompiledModel, part: UpdatePart): Equations {
  const source = leftGradients(compiled, part, false);
  const updates = slicesOf(trainedOf(network), part).flatMap((target): [Node, Node][] => {
    const { parameter, slice } = target;
    const sparse = isSparse(parameter, part);
    if (sparse && part.index > 0) return [];
    const { value } = gradientOf(source, target);
    return [
      ...(sparse ? [] : [[slice(shardVariable(0, parameter.id, parameter.shape)), value] as [Node, Node]]),
      [normVariable(part.index, parameter), sumSquares(value)],
    ];
  });
  return { name: `training step, gradients ${part.index}`, inputs: {}, outputs: {}, updates };
}

const normVariable = (part: number, { id }: Parameter): Node => variable(`part ${part}/norm/${id}`, []);

/** One part of the update; the first also gives the totals of the batch. */
export function updateEquations(network: Network, compiled: CompiledModel, part: UpdatePart): Equations {
  const { optimizer } = compiled;
  const [learningRate, iteration] = [input(portName("learningRate"), []), input(portName("iteration"), [])];
  const parameters = trainedOf(network);
  const slices = slicesOf(parameters, part);
  const norm = (parameter: Parameter): Node => {
    const measured = isSliced(parameter, part.count) && !isSparse(parameter, part) ? part.count : 1;
    return add(...Array.from({ length: measured }, (_, index) => normVariable(index, parameter)));
  };
  const norms = { of: (i: number) => norm(slices[i]!.parameter), total: add(...parameters.map(norm)) };
  const source = leftGradients(compiled, part, needsNorms(optimizer));
  const totals = lossNames(compiled).map((name) => [name, totalOf(part.forms.length, name)]);
  return {
    name: `training step, update ${part.index}`,
    inputs: { [portName("learningRate")]: learningRate, [portName("iteration")]: iteration },
    outputs: part.index > 0 ? {} : { ...Object.fromEntries(totals), ...penaltyOf(network.parameters) },
    updates: sliceUpdates(source, slices, optimizer, { learningRate, iteration }, norms),
  };
}
