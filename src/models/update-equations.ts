/**
 * The end of a training step: from gradients to new weights. On several threads the gradients that shards left behind are added up in the
 * order of the shards, and every thread updates its share of the rows of each large weight; equal numbers of threads give equal bits.
 */
import type { Equations } from "../compiler/compile.js";
import {
  add,
  flush,
  input,
  maximum,
  mul,
  type Node,
  reciprocal,
  slice,
  sumSquares,
  variable,
} from "../equations/index.js";
import { clipGradients, type Optimizer } from "../optimizers/index.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { type Compiled, lossCount, lossTotal } from "./judge.js";
import { type Network, type Parameter, trainedOf } from "./network.js";
import { penaltyOf, withPenalties } from "./penalties.js";

/** Name of the optimizer's step counter among the variables. */
export function iterationName({ name }: Optimizer): string {
  return `${name}/iteration`;
}

export function slotName({ name }: Optimizer, parameter: Parameter, slot: string): string {
  return `${name}/${parameter.id}/${slot}`;
}

/** What a shard leaves of every judged output beside gradients. */
export function lossNames({ outputs }: Compiled): string[] {
  return outputs.flatMap((_, i) => [lossTotal(i), lossCount(i)]);
}

/** Where a shard leaves a gradient or a total. */
export function shardVariable(shard: number, name: string, shape: Shape): Node {
  return variable(`shard ${shard}/${name}`, shape);
}

/** Updates of all weights by whole gradients, and of the step counter. */
export function updatesOf(
  parameters: readonly Parameter[],
  gradients: readonly Node[],
  optimizer: Optimizer,
  learningRate: Node,
): [Node, Node][] {
  const counter = variable(iterationName(optimizer), []);
  const iteration = add(counter, 1);
  const clipped = clipGradients(gradients, optimizer.clip);
  return [
    [counter, iteration],
    ...parameters.flatMap((parameter, i) =>
      updateOf({ parameter, cut: whole }, clipped[i]!, optimizer, learningRate, iteration),
    ),
  ];
}

/** Rows of a parameter that one thread updates. */
interface Piece {
  readonly parameter: Parameter;
  /** These rows of a value of the parameter's shape. */
  readonly cut: (value: Node) => Node;
}

const whole = (value: Node): Node => value;

function updateOf(
  { parameter, cut }: Piece,
  gradient: Node,
  optimizer: Optimizer,
  learningRate: Node,
  iteration: Node,
): [Node, Node][] {
  const slots = Object.fromEntries(
    optimizer.slots.map(({ name }) => [name, cut(variable(slotName(optimizer, parameter, name), parameter.shape))]),
  );
  const weight = cut(parameter.node);
  const result = optimizer.update({ weight, gradient, slots, learningRate, iteration });
  return [
    [weight, parameter.constraint?.apply(result.weight) ?? result.weight],
    // Averages of a word that is never seen again halve for ever.
    ...optimizer.slots.map(({ name }): [Node, Node] => [slots[name]!, flush(result.slots[name]!)]),
  ];
}

/** Numbers below which a weight is not worth cutting. */
const WORTH_CUTTING = 4096;

/** Which part of the update a program does. */
export interface Share {
  readonly shards: number;
  readonly part: number;
  readonly parts: number;
}

/** Into how many parts the update of a network's weights should be cut. */
export function partsOf(network: Network, shards: number): number {
  return trainedOf(network).some((parameter) => isCut(parameter, shards)) ? shards : 1;
}

/** What a weight costs or is held to may need all of it. */
function isCut({ shape, regularizer, constraint }: Parameter, parts: number): boolean {
  return parts > 1 && !regularizer && !constraint && shape[0]! >= parts && sizeOf(shape) >= WORTH_CUTTING;
}

/** A part's pieces: its rows of every large weight, and, of the first part, all small ones. */
function piecesOf(parameters: readonly Parameter[], { part, parts }: Share): Piece[] {
  return parameters.flatMap((parameter): Piece[] => {
    if (!isCut(parameter, parts)) return part === 0 ? [{ parameter, cut: whole }] : [];
    const rows = parameter.shape[0]!;
    const [start, end] = [part, part + 1].map((edge) => Math.round((edge * rows) / parts)) as [number, number];
    return [{ parameter, cut: (value) => slice(value, 0, start, end - start) }];
  });
}

/** Whether gradients are limited by a norm, which must be known before any weight is updated. */
export function needsNorms({ clip }: Optimizer): boolean {
  return clip.clipnorm !== undefined || clip.globalClipnorm !== undefined;
}

/** The gradient of the whole batch, of some rows of a parameter. */
function gradientOf({ outputs }: Compiled, { parameter, cut }: Piece, shards: number): Node {
  const { id, shape } = parameter;
  const sum = totalOf(shards, (shard) => cut(shardVariable(shard, id, shape)));
  const ofData = outputs.length > 1 ? sum : mul(sum, reciprocal(maximum(scalarOf(shards, lossCount(0)), 1)));
  return withPenalties([parameter], [ofData])[0]!;
}

function totalOf(shards: number, of: (shard: number) => Node): Node {
  return add(...Array.from({ length: shards }, (_, shard) => of(shard)));
}

const scalarOf = (shards: number, name: string): Node => totalOf(shards, (shard) => shardVariable(shard, name, []));

/** Adds the shards' gradients up, in the place of the first shard's, and leaves Σ g² of each piece in a variable. */
export function normEquations(network: Network, compiled: Compiled, share: Share): Equations {
  const updates = piecesOf(trainedOf(network), share).flatMap((piece): [Node, Node][] => {
    const { parameter, cut } = piece;
    const gradient = gradientOf(compiled, piece, share.shards);
    return [
      [cut(shardVariable(0, parameter.id, parameter.shape)), gradient],
      [normVariable(share.part, parameter), sumSquares(gradient)],
    ];
  });
  return { name: `training step, gradients ${share.part}`, inputs: {}, outputs: {}, updates };
}

const normVariable = (part: number, { id }: Parameter): Node => variable(`part ${part}/norm/${id}`, []);

/** The end of a training step whose shards ran on several threads; the first part also gives the totals of the batch. */
export function updateEquations(network: Network, compiled: Compiled, share: Share): Equations {
  const { part, parts, shards } = share;
  const { optimizer } = compiled;
  const [learningRate, iteration] = [input("learningRate", []), input("iteration", [])];
  const parameters = trainedOf(network);
  const pieces = piecesOf(parameters, share);
  const gradients = pieces.map((piece) => {
    if (!needsNorms(optimizer)) return gradientOf(compiled, piece, shards);
    return piece.cut(shardVariable(0, piece.parameter.id, piece.parameter.shape));
  });
  const norm = (parameter: Parameter): Node => {
    const measured = isCut(parameter, parts) ? parts : 1;
    return add(...Array.from({ length: measured }, (_, each) => normVariable(each, parameter)));
  };
  const norms = { of: (i: number) => norm(pieces[i]!.parameter), total: add(...parameters.map(norm)) };
  const clipped = clipGradients(gradients, optimizer.clip, norms);
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
    updates: pieces.flatMap((piece, i) => updateOf(piece, clipped[i]!, optimizer, learningRate, iteration)),
  };
}
