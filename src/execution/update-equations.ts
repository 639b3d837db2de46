/**
 * The end of a training step: from gradients to new weights. On several threads the gradients that shards left behind are added up in the
 * order of the shards, and every thread updates its share of the rows of each large weight; equal numbers of threads give equal bits.
 */
import type { Equations } from "../compiler/compile.js";
import { add, input, maximum, mul, type Node, reciprocal, slice, sumSquares, variable } from "../equations/index.js";
import { clipGradients, type Optimizer, type UpdateContext } from "../optimizers/index.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { type CompiledModel, lossCount, lossTotal } from "./loss-equations.js";
import { type Network, trainedOf } from "./network.js";
import type { Parameter } from "./network-weights.js";
import { penaltyOf, withPenalties } from "./penalties.js";
import {
  namesFew,
  rowGradientOf,
  rowsOfShard,
  seenAfter,
  seenRows,
  totalRows,
  updated,
  updatedByRows,
} from "./row-gradients.js";
import { type IdCounts, shardName } from "./shard-names.js";

/** Name of the optimizer's step counter among the variables. */
export function iterationName({ name }: Optimizer): string {
  return `${name}/iteration`;
}

export function slotName({ name }: Optimizer, parameter: Parameter, slot: string): string {
  return `${name}/${parameter.id}/${slot}`;
}

/** What a shard leaves of every output with a loss, besides gradients. */
export function lossNames({ outputs }: CompiledModel): string[] {
  return outputs.flatMap((_, i) => [lossTotal(i), lossCount(i)]);
}

/** Where a shard leaves a gradient or a total. */
export function shardVariable(shard: number, name: string, shape: Shape): Node {
  return variable(shardName(shard, name), shape);
}

/** Updates of all weights by the gradients of a whole batch, and of the step counter. */
export function updatesOf(
  parameters: readonly Parameter[],
  gradients: readonly Node[],
  optimizer: Optimizer,
  learningRate: Node,
): [Node, Node][] {
  const counter = variable(iterationName(optimizer), []);
  const iteration = add(counter, 1);
  const found = parameters.map((parameter, i): Gradient => {
    const rows = rowGradientOf(parameter, gradients[i]!);
    const seen = rows && seenRows(optimizer, parameter);
    if (!rows || !namesFew(parameter, rows.ids.shape[0]!)) return { value: gradients[i]!, seen };
    const { totals, places } = totalRows([rows], parameter.shape[0]!);
    return { value: totals, places, seen };
  });
  const values = found.map(({ value }) => value);
  const clipped = clipGradients(values, optimizer.clip);
  return [
    [counter, iteration],
    ...parameters.flatMap((parameter, i) =>
      updateOf({ parameter, cut: whole }, { ...found[i]!, value: clipped[i]! }, optimizer, {
        learningRate,
        iteration,
      }),
    ),
  ];
}

/** Rows of a parameter that one thread updates. */
interface ParameterSlice {
  readonly parameter: Parameter;
  /** These rows of a value of the parameter's shape. */
  readonly cut: (value: Node) => Node;
}

const whole = (value: Node): Node => value;

/** The gradient of a slice: its numbers, or the totals of rows and where they belong (see row-gradients.ts). */
interface Gradient {
  readonly value: Node;
  /** Of the rows of the slice. */
  readonly places?: Node;
  /** Of the rows of the slice: `seenRows` of a table. */
  readonly seen?: Node;
}

function updateOf(
  { parameter, cut }: ParameterSlice,
  { value: gradient, places, seen }: Gradient,
  optimizer: Optimizer,
  scalars: Pick<UpdateContext, "learningRate" | "iteration">,
): [Node, Node][] {
  const slots = Object.fromEntries(
    optimizer.slots.map(({ name }) => [name, cut(variable(slotName(optimizer, parameter, name), parameter.shape))]),
  );
  const weight = cut(parameter.node);
  const context = { weight, gradient, slots, ...scalars };
  const after = seen && seenAfter(seen, places, gradient);
  const result = places ? updatedByRows(optimizer, context, places, after) : updated(optimizer, context);
  return [
    [weight, parameter.constraint?.apply(result.weight) ?? result.weight],
    ...optimizer.slots.map(({ name }): [Node, Node] => [slots[name]!, result.slots[name]!]),
    ...(seen ? [[seen, after] as [Node, Node]] : []),
  ];
}

/** Numbers below which a weight is not worth cutting. */
const MIN_SLICED_SIZE = 4096;

/** Which part of the update a program does. */
export interface UpdatePart {
  readonly shards: number;
  readonly part: number;
  readonly parts: number;
  /** What each shard left. */
  readonly idCounts: readonly IdCounts[];
}

/** Into how many parts the update of a network's weights should be cut. */
export function updatePartCount(network: Network, shards: number): number {
  return trainedOf(network).some((parameter) => isSliced(parameter, shards)) ? shards : 1;
}

/** What a weight costs or is held to may need all of it. */
function isSliced({ shape, regularizer, constraint }: Parameter, parts: number): boolean {
  return parts > 1 && !regularizer && !constraint && shape[0]! >= parts && sizeOf(shape) >= MIN_SLICED_SIZE;
}

/** The slices of one part: its rows of every large weight, and, of the first part, all small ones. */
function slicesOf(parameters: readonly Parameter[], { part, parts }: UpdatePart): ParameterSlice[] {
  return parameters.flatMap((parameter): ParameterSlice[] => {
    if (!isSliced(parameter, parts)) return part === 0 ? [{ parameter, cut: whole }] : [];
    const rows = parameter.shape[0]!;
    const [start, end] = [part, part + 1].map((edge) => Math.round((edge * rows) / parts)) as [number, number];
    return [{ parameter, cut: (value) => slice(value, 0, start, end - start) }];
  });
}

/** Whether gradients are limited by a norm, which must be known before any weight is updated. */
export function needsNorms({ clip }: Optimizer): boolean {
  return clip.clipnorm !== undefined || clip.globalClipnorm !== undefined;
}

/** Whether shards left ids and rows of a gradient; all do or none. */
function isByRows({ id }: Parameter, { idCounts }: UpdatePart): boolean {
  return (idCounts[0]![id] ?? 0) > 0;
}

/** The gradient of the whole batch, of some rows of a parameter; of all its rows where it is kept as totals. */
function gradientOf({ outputs }: CompiledModel, { parameter, cut }: ParameterSlice, updatePart: UpdatePart): Gradient {
  const { id, shape } = parameter;
  const { shards, idCounts } = updatePart;
  const scaled = (sum: Node): Node =>
    outputs.length > 1 ? sum : mul(sum, reciprocal(maximum(scalarOf(shards, lossCount(0)), 1)));
  if (isByRows(parameter, updatePart)) {
    const left = idCounts.map((counts, shard) => rowsOfShard(shard, parameter, counts[id]!));
    const { totals, places } = totalRows(left, shape[0]!);
    return { value: scaled(totals), places: cut(places) };
  }
  const sum = totalOf(shards, (shard) => cut(shardVariable(shard, id, shape)));
  return { value: withPenalties([parameter], [scaled(sum)])[0]! };
}

function totalOf(shards: number, of: (shard: number) => Node): Node {
  return add(...Array.from({ length: shards }, (_, shard) => of(shard)));
}

const scalarOf = (shards: number, name: string): Node => totalOf(shards, (shard) => shardVariable(shard, name, []));

/** Adds the shards' gradients up, in the place of the first shard's, and leaves Σ g² of each slice in a variable: of totals of rows only that. */
export function normEquations(network: Network, compiled: CompiledModel, updatePart: UpdatePart): Equations {
  const updates = slicesOf(trainedOf(network), updatePart).flatMap((target): [Node, Node][] => {
    const { parameter, cut } = target;
    const byRows = isByRows(parameter, updatePart);
    if (byRows && updatePart.part > 0) return [];
    const { value } = gradientOf(compiled, target, updatePart);
    return [
      ...(byRows ? [] : [[cut(shardVariable(0, parameter.id, parameter.shape)), value] as [Node, Node]]),
      [normVariable(updatePart.part, parameter), sumSquares(value)],
    ];
  });
  return { name: `training step, gradients ${updatePart.part}`, inputs: {}, outputs: {}, updates };
}

const normVariable = (part: number, { id }: Parameter): Node => variable(`part ${part}/norm/${id}`, []);

/** The end of a training step whose shards ran on several threads; the first part also gives the totals of the batch. */
export function updateEquations(network: Network, compiled: CompiledModel, updatePart: UpdatePart): Equations {
  const { part, parts, shards, idCounts } = updatePart;
  const { optimizer } = compiled;
  const [learningRate, iteration] = [input("learningRate", []), input("iteration", [])];
  const parameters = trainedOf(network);
  const slices = slicesOf(parameters, updatePart);
  const gradients = slices.map((target): Gradient => {
    const { parameter, cut } = target;
    const isTable = idCounts[0]![parameter.id] !== undefined;
    const found = isTable ? seenRows(optimizer, parameter) : undefined;
    const seen = found && cut(found);
    if (!needsNorms(optimizer) || isByRows(parameter, updatePart))
      return { ...gradientOf(compiled, target, updatePart), seen };
    return { value: cut(shardVariable(0, parameter.id, parameter.shape)), seen };
  });
  const norm = (parameter: Parameter): Node => {
    const measured = isSliced(parameter, parts) && !isByRows(parameter, updatePart) ? parts : 1;
    return add(...Array.from({ length: measured }, (_, each) => normVariable(each, parameter)));
  };
  const norms = { of: (i: number) => norm(slices[i]!.parameter), total: add(...parameters.map(norm)) };
  const values = gradients.map(({ value }) => value);
  const clipped = clipGradients(values, optimizer.clip, norms);
  return {
    name: `training step, update ${part}`,
    inputs: { learningRate, iteration },
    outputs:
      part > 0
        ? {}
        : {
            ...Object.fromEntries(lossNames(compiled).map((name) => [name, scalarOf(shards, name)])),
            ...penaltyOf(network.parameters),
          },
    updates: slices.flatMap((target, i) =>
      updateOf(target, { ...gradients[i]!, value: clipped[i]! }, optimizer, { learningRate, iteration }),
    ),
  };
}
