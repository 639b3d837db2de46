/** Updates of weights by the gradients of a batch, which come from a source: the program itself, or variables that its shards left. */
import { add, type Node, variable } from "../equations/index.js";
import { clipGradients, type Optimizer, type SquaredNorms, type UpdateContext } from "../optimizers/index.js";
import type { GradientForm } from "./gradient-form.js";
import type { Parameter } from "./network-weights.js";
import { iterationName, slotName } from "./optimizer-names.js";
import {
  type RowGradient,
  type ShardGradient,
  seenAfter,
  seenRows,
  totalRows,
  updated,
  updatedByRows,
} from "./sparse-gradients.js";

/** Rows of a parameter that one program updates. */
export interface ParameterSlice {
  readonly parameter: Parameter;
  /** These rows of a value of the parameter's shape. */
  readonly slice: (value: Node) => Node;
}

/** A parameter as one slice. */
export function wholeParameter(parameter: Parameter): ParameterSlice {
  return { parameter, slice: (value) => value };
}

/** Source of the gradients of the batch for an update. */
export interface GradientSource {
  form(parameter: Parameter): GradientForm;
  /** The numbers of a gradient that is not sparse. */
  numbers(target: ParameterSlice): Node;
  /** The ids and rows of a sparse gradient, shard by shard. */
  rows(parameter: Parameter): readonly RowGradient[];
  /** The gradient from its sum over the shards. */
  scaled(sum: Node): Node;
}

/** The gradient of a slice: its numbers, or the totals of rows and the place of each row of the slice among them (see sparse-gradients.ts). */
export interface Gradient {
  readonly value: Node;
  readonly places?: Node;
}

export function gradientOf(source: GradientSource, target: ParameterSlice): Gradient {
  const { parameter, slice } = target;
  if (source.form(parameter).kind !== "sparse") return { value: source.numbers(target) };
  const { totals, places } = totalRows(source.rows(parameter), parameter.shape[0]!);
  return { value: source.scaled(totals), places: slice(places) };
}

/** New values of slices and of the optimizer's slots for them. @param norms of gradients of which slices are parts */
export function sliceUpdates(
  source: GradientSource,
  slices: readonly ParameterSlice[],
  optimizer: Optimizer,
  scalars: Pick<UpdateContext, "learningRate" | "iteration">,
  norms?: SquaredNorms,
): [Node, Node][] {
  const gradients = slices.map((target) => gradientOf(source, target));
  const values = gradients.map(({ value }) => value);
  const clipped = clipGradients(values, optimizer.clip, norms);
  return slices.flatMap((target, i) => {
    const seen = seenRows(optimizer, target.parameter, source.form(target.parameter));
    const gradient = { ...gradients[i]!, value: clipped[i]! };
    return updateOf(target, gradient, seen && target.slice(seen), optimizer, scalars);
  });
}

function updateOf(
  { parameter, slice }: ParameterSlice,
  { value: gradient, places }: Gradient,
  seen: Node | undefined,
  optimizer: Optimizer,
  scalars: Pick<UpdateContext, "learningRate" | "iteration">,
): [Node, Node][] {
  const slots = Object.fromEntries(
    optimizer.slots.map(({ name }) => [name, slice(variable(slotName(optimizer, parameter, name), parameter.shape))]),
  );
  const weight = slice(parameter.node);
  const context = { weight, gradient, slots, ...scalars };
  const after = seen && seenAfter(seen, places, gradient);
  const result = places ? updatedByRows(optimizer, context, places, after) : updated(optimizer, context);
  return [
    [weight, parameter.constraint?.apply(result.weight) ?? result.weight],
    ...optimizer.slots.map(({ name }): [Node, Node] => [slots[name]!, result.slots[name]!]),
    ...(seen ? [[seen, after] as [Node, Node]] : []),
  ];
}

/** Updates of all weights by gradients of the same program, and of the step counter. */
export function updatesOf(
  gradients: readonly ShardGradient[],
  optimizer: Optimizer,
  learningRate: Node,
): [Node, Node][] {
  const counter = variable(iterationName(optimizer), []);
  const iteration = add(counter, 1);
  const byParameter = new Map(gradients.map((gradient) => [gradient.parameter, gradient]));
  const source: GradientSource = {
    form: (parameter) => byParameter.get(parameter)!.form,
    numbers: ({ parameter }) => byParameter.get(parameter)!.whole,
    rows: (parameter) => [byParameter.get(parameter)!.rows!],
    scaled: (sum) => sum,
  };
  const slices = gradients.map(({ parameter }) => wholeParameter(parameter));
  return [[counter, iteration], ...sliceUpdates(source, slices, optimizer, { learningRate, iteration })];
}
