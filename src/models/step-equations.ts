/** What a model computes in one run, as equations: a training step, a test step, a prediction. */
import type { Equations } from "../compiler/compile.js";
import {
  add,
  differentiate,
  flush,
  input,
  maximum,
  mul,
  type Node,
  reciprocal,
  reshape,
  variable,
} from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { batchMajor, type Signal, swapFirstAxes, timeMajor } from "../layers/index.js";
import { type Loss, lossTotals, meanLoss } from "../losses/index.js";
import { type Metric, type MetricResolver, weightedTotals } from "../metrics/index.js";
import { clipGradients, type Optimizer } from "../optimizers/index.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import { type Network, type Parameter, traceNetwork } from "./network.js";

/** What `compile` fixed. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly NamedMetric[];
}

/** A metric under the name logs give it. */
export interface NamedMetric {
  readonly name: string;
  readonly metric: Metric | MetricResolver;
  /** Whether sample weights count. */
  readonly weighted: boolean;
}

/** Shapes of one run, batch-first. */
export interface Signature {
  readonly x: Shape;
  readonly y?: Shape;
  readonly sampleWeight?: Shape;
}

/** Name of the optimizer's step counter among the variables. */
export function iterationName({ name }: Optimizer): string {
  return `${name}/iteration`;
}

export function slotName({ name }: Optimizer, parameter: Parameter, slot: string): string {
  return `${name}/${parameter.id}/${slot}`;
}

/** Batch-first predictions; several where the last layer returns its state. */
export function predictEquations(network: Network, signature: Signature): Equations {
  const { x, seed, inputs } = borders(network, signature);
  const outputs = traceNetwork(network, x, { training: false, seed });
  return {
    name: "predict",
    inputs,
    outputs: Object.fromEntries(outputs.map((signal, i) => [`output${i}`, inBatchOrder(signal)])),
  };
}

/** Loss and metric totals in inference mode. */
export function testEquations(network: Network, compiled: Compiled, signature: Signature): Equations {
  const { x, seed, inputs } = borders(network, signature);
  const [prediction] = traceNetwork(network, x, { training: false, seed });
  const judged = judge(prediction!, compiled, signature);
  return {
    name: "test step",
    inputs: { ...inputs, ...judged.inputs },
    outputs: { "loss/total": judged.loss.total, "loss/count": judged.loss.count, ...judged.totals },
  };
}

/** Forward, loss, backward, clipping, update and metric totals in one program. Metrics are of the prediction before the update. */
export function trainEquations(network: Network, compiled: Compiled, signature: Signature): Equations {
  const { x, seed, inputs } = borders(network, signature);
  const [prediction] = traceNetwork(network, x, { training: true, seed });
  const judged = judge(prediction!, compiled, signature);
  const learningRate = input("learningRate", []);
  const loss = meanLoss(judged.loss);
  const parameters = trainedOf(network);
  const gradients = differentiate(
    loss,
    parameters.map(({ node }) => node),
  );
  return {
    name: "training step",
    inputs: { ...inputs, ...judged.inputs, learningRate },
    outputs: { loss, ...judged.totals },
    updates: updatesOf(parameters, gradients, compiled.optimizer, learningRate),
  };
}

/**
 * A thread's part of a training step: forward and backward on some of the batch. Gradients and totals are of sums, not of means, and go
 * to variables of the shard, from which `combineEquations` takes them.
 */
export function shardEquations(network: Network, compiled: Compiled, signature: Signature, shard: number): Equations {
  const { x, seed, inputs } = borders(network, signature);
  const [prediction] = traceNetwork(network, x, { training: true, seed });
  const judged = judge(prediction!, compiled, signature);
  const parameters = trainedOf(network);
  const gradients = differentiate(
    judged.loss.total,
    parameters.map(({ node }) => node),
  );
  const scalars = { "loss/total": judged.loss.total, "loss/count": judged.loss.count, ...judged.totals };
  return {
    name: `training step, shard ${shard}`,
    inputs: { ...inputs, ...judged.inputs },
    outputs: {},
    updates: [
      ...parameters.map(({ id, shape }, i): [Node, Node] => [shardVariable(shard, id, shape), gradients[i]!]),
      ...Object.entries(scalars).map(([name, value]): [Node, Node] => [shardVariable(shard, name, []), value]),
    ],
  };
}

/** The end of a training step whose parts ran on several threads: sums in the order of the shards, clipping, update. */
export function combineEquations(network: Network, compiled: Compiled, shards: number): Equations {
  const learningRate = input("learningRate", []);
  const total = (name: string, shape: Shape = []) =>
    add(...Array.from({ length: shards }, (_, shard) => shardVariable(shard, name, shape)));
  const scale = reciprocal(maximum(total("loss/count"), 1));
  const parameters = trainedOf(network);
  const gradients = parameters.map(({ id, shape }) => mul(total(id, shape), scale));
  const metrics = compiled.metrics.flatMap((_, i) => [`${i}/total`, `${i}/count`]);
  return {
    name: "training step, combined",
    inputs: { learningRate },
    outputs: {
      loss: mul(total("loss/total"), scale),
      ...Object.fromEntries(metrics.map((name) => [name, total(name)])),
    },
    updates: updatesOf(parameters, gradients, compiled.optimizer, learningRate),
  };
}

/** Where a shard leaves a gradient or a total. */
function shardVariable(shard: number, name: string, shape: Shape): Node {
  return variable(`shard ${shard}/${name}`, shape);
}

function trainedOf({ parameters }: Network): readonly Parameter[] {
  return parameters.filter(({ trainable }) => trainable);
}

function updatesOf(
  parameters: readonly Parameter[],
  raw: readonly Node[],
  optimizer: Optimizer,
  learningRate: Node,
): [Node, Node][] {
  const counter = variable(iterationName(optimizer), []);
  const iteration = add(counter, 1);
  const gradients = clipGradients(raw, optimizer.clip);
  const updates: [Node, Node][] = [[counter, iteration]];
  parameters.forEach((parameter, i) => {
    const slots = Object.fromEntries(
      optimizer.slots.map(({ name }) => [name, variable(slotName(optimizer, parameter, name), parameter.shape)]),
    );
    const result = optimizer.update({
      weight: parameter.node,
      gradient: gradients[i]!,
      slots,
      learningRate,
      iteration,
    });
    updates.push([parameter.node, result.weight]);
    // Averages of a word that is never seen again halve for ever.
    for (const { name } of optimizer.slots) updates.push([slots[name]!, flush(result.slots[name]!)]);
  });
  return updates;
}

function borders(network: Network, signature: Signature): { x: Node; seed: Node; inputs: Record<string, Node> } {
  const x = input("x", signature.x, network.idLimit === undefined ? "float" : "int");
  const seed = input("seed", [], "int");
  return { x, seed, inputs: { x, seed } };
}

interface Judged {
  readonly inputs: Record<string, Node>;
  /** Sum of the valid losses, and their number: the loss is the one over the other. */
  readonly loss: { readonly total: Node; readonly count: Node };
  /** "0/total", "0/count", … for each metric. */
  readonly totals: Record<string, Node>;
}

/** Loss and metrics of a prediction, whose layout targets and weights follow. */
function judge(prediction: Signal, { loss, metrics }: Compiled, signature: Signature): Judged {
  const yPred = prediction.mask ? timeMajor(prediction) : prediction.node;
  const swapped = prediction.timeMajor || prediction.mask !== undefined;
  const shape = inBatchOrder(prediction).shape;
  const y = input("y", signature.y!, loss.targets);
  const yTrue = swapped && y.shape.length > 1 ? swapFirstAxes(y) : y;
  const perSample = loss.perSample(yTrue, yPred);
  const inputs: Record<string, Node> = { y };
  let sampleWeight: Node | undefined;
  if (signature.sampleWeight) {
    const weight = input("sampleWeight", signature.sampleWeight);
    inputs.sampleWeight = weight;
    sampleWeight = alignWeight(weight, perSample, swapped);
  }
  const options = { mask: prediction.mask, sampleWeight };
  const totals: Record<string, Node> = {};
  metrics.forEach(({ metric, weighted }, i) => {
    const chosen = "resolve" in metric ? metric.resolve(signature.y!, shape, y.dtype) : metric;
    const { total, count } = weightedTotals(
      chosen.perSample(yTrue, yPred),
      weighted ? options : { mask: prediction.mask },
    );
    totals[`${i}/total`] = total;
    totals[`${i}/count`] = count;
  });
  return { inputs, loss: lossTotals(perSample, options), totals };
}

/** Weights of [batch] or [batch, time] for losses of [batch] or, time-major, [time, batch]. */
function alignWeight(weight: Node, perSample: Node, swapped: boolean): Node {
  const ordered = swapped && weight.shape.length > 1 ? swapFirstAxes(weight) : weight;
  if (ordered.shape.length === perSample.shape.length) return ordered;
  if (sizeOf(ordered.shape) === sizeOf(perSample.shape)) return reshape(ordered, perSample.shape);
  throw new ShapeError(
    `sampleWeight: the loss has one number per step, so a weight per example ${formatShape(weight.shape)} is ambiguous. ` +
      "Give [examples, 1] for one weight per example, or [examples, time] for one per step.",
  );
}

function inBatchOrder(signal: Signal): Node {
  return signal.timeMajor ? batchMajor(signal) : signal.node;
}
