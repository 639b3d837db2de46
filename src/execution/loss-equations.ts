/** Loss equations of one run: data in, sums of losses and metrics out. */
import { input, mul, type Node, notEqual, reshape, slice } from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { batchMajor, type Signal, swapFirstAxes, timeMajor } from "../layers/index.js";
import { type Loss, lossTotals, sampleLosses } from "../losses/index.js";
import { type Metric, type MetricResolver, metricTotals, type SummedMetric } from "../metrics/index.js";
import type { Optimizer } from "../optimizers/index.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import type { CarriedStates } from "./carried-states.js";
import { checkActivation, checkMetric } from "./check-activation.js";
import { type Network, type TraceOptions, traceNetwork } from "./network.js";

/** What `Model.compile` chose. */
export interface CompiledModel {
  readonly optimizer: Optimizer;
  /** The outputs with a loss. */
  readonly outputs: readonly CompiledOutput[];
}

/** An output with a loss. */
export interface CompiledOutput {
  /** Which output of the network. */
  readonly index: number;
  readonly loss: Loss;
  /** How logs call its loss. */
  readonly lossName: string;
  /** Its share in the loss of the model. */
  readonly lossWeight: number;
  readonly metrics: readonly NamedMetric[];
}

/** A metric under the name logs give it. */
export interface NamedMetric {
  readonly name: string;
  /** What makes it again: the name it was asked for by, or its config. */
  readonly config: string | Metric["config"];
  readonly metric: Metric | SummedMetric | MetricResolver;
  /** Whether sample weights count. */
  readonly weighted: boolean;
}

/** Batch-first shapes of a run's data, by the names of `port`. */
export type Signature = Readonly<Record<string, Shape>>;

/** What a program calls the data of an input, its mask, the targets or the weights of an output with a loss: "x", "x/1", … */
export function port(kind: "x" | "mask" | "y" | "sampleWeight", i: number): string {
  return i === 0 ? kind : `${kind}/${i}`;
}

/** Every metric of every output, in the order of the totals "metric 0", "metric 1", … */
export function metricsOf({ outputs }: CompiledModel): readonly NamedMetric[] {
  return outputs.flatMap(({ metrics }) => metrics);
}

/** The inputs of a run. */
export function endpoints(network: Network, signature: Signature) {
  const seed = input("seed", [], "int");
  const inputs: Record<string, Node> = { seed };
  const signals = network.inputs.map(({ idLimit }, i): Signal => {
    const node = input(port("x", i), signature[port("x", i)]!, idLimit === undefined ? "float" : "int");
    inputs[port("x", i)] = node;
    const valid = signature[port("mask", i)];
    if (!valid) return { node, timeMajor: false };
    const mask = input(port("mask", i), valid);
    inputs[port("mask", i)] = mask;
    return { node, timeMajor: false, mask: swapFirstAxes(mask) };
  });
  return { signals, seed, inputs };
}

/** How the network is run. */
export interface RunSettings extends Omit<TraceOptions, "seed"> {
  readonly carry?: CarriedStates;
  /** Number of steps at the end that have targets and losses; default: all. */
  readonly lossSteps?: number;
}

/** The network on data, and the sums of losses and metrics over the batch, by the names below. */
export function lossEquations(network: Network, compiled: CompiledModel, signature: Signature, settings: RunSettings) {
  const { signals, seed, inputs } = endpoints(network, signature);
  const { lossSteps } = settings;
  const whole = traceNetwork(network, signals, { ...settings, seed });
  const outputs = lossSteps === undefined ? whole : whole.map((signal) => lastStepsOf(signal, lossSteps));
  const totals: Record<string, Node> = {};
  const stepLosses: (StepLosses | undefined)[] = [];
  let metric = 0;
  compiled.outputs.forEach((output, i) => {
    const prediction = outputs[output.index]!;
    checkActivation(compiled, output.loss, prediction.node, network.outputs[output.index]!.name);
    const chosen = chosenMetrics(output, signature[port("y", i)]!, inBatchOrder(prediction).shape);
    for (const [k, metric] of chosen.entries()) {
      checkMetric(compiled, output.loss, metric, output.metrics[k]!.name, prediction.node);
    }
    const { loss, metrics, perSample } = outputLosses(prediction, { ...output, chosen }, i, signature, inputs);
    const { timeMajor: inSteps, mask } = outputs[output.index]!;
    stepLosses.push(inSteps && perSample.shape.length === 2 ? { stepLosses: perSample, mask } : undefined);
    totals[lossTotal(i)] = loss.total;
    totals[lossCount(i)] = loss.count;
    for (const sums of metrics) totals[metricSums(metric++)] = sums;
  });
  return { inputs, totals, stepLosses };
}

/** Sum of output i's valid losses, and their number: its loss is the one over the other. */
export const lossTotal = (i: number): string => `loss ${i}/total`;
export const lossCount = (i: number): string => `loss ${i}/count`;
/** The sums of a metric, which is counted over all outputs. */
export const metricSums = (i: number): string => `metric ${i}`;
/** What a shard multiplies output i's sum of losses by. */
export const scaleInput = (i: number): string => `scale/${i}`;

/** Losses of an output that has one at every step. */
export interface StepLosses {
  /** [time, batch] */
  readonly stepLosses: Node;
  /** 1 at valid steps, 0 at padding: [time, batch]. */
  readonly mask: Node | undefined;
}

interface Totals {
  readonly total: Node;
  readonly count: Node;
}

/** The metrics of an output in the form that fits its data and its loss. */
function chosenMetrics(
  { loss, metrics }: CompiledOutput,
  targets: Shape,
  prediction: Shape,
): (Metric | SummedMetric)[] {
  return metrics.map(({ metric }) => {
    if ("resolve" in metric) return metric.resolve(targets, prediction, loss.targets);
    return "beside" in metric ? metric.beside!(loss) : metric;
  });
}

/** Loss and metrics of a prediction, whose layout targets and weights follow. They are added to the program's `inputs`. */
function outputLosses(
  prediction: Signal,
  { loss, metrics, chosen }: CompiledOutput & { readonly chosen: readonly (Metric | SummedMetric)[] },
  i: number,
  signature: Signature,
  inputs: Record<string, Node>,
): { loss: Totals; metrics: Node[]; perSample: Node } {
  const sequences = [loss, ...chosen].some((each) => "sequences" in each && each.sequences);
  const swapped = prediction.timeMajor || prediction.mask !== undefined || sequences;
  const yPred = swapped ? timeMajor(prediction) : prediction.node;
  const y = input(port("y", i), signature[port("y", i)]!, loss.targets);
  inputs[port("y", i)] = y;
  const yTrue = swapped && y.shape.length > 1 ? swapFirstAxes(y) : y;
  const samples = sampleLosses(loss, yTrue, yPred, prediction.mask);
  let sampleWeight: Node | undefined;
  const weights = signature[port("sampleWeight", i)];
  if (weights) {
    const weight = input(port("sampleWeight", i), weights);
    inputs[port("sampleWeight", i)] = weight;
    sampleWeight = alignWeight(weight, samples.perSample, swapped);
  }
  const { mask } = prediction;
  const counts = loss.ignores === undefined ? undefined : notEqual(yTrue, loss.ignores);
  return {
    perSample: samples.perSample,
    loss: lossTotals(samples.perSample, { mask: samples.mask, sampleWeight }),
    metrics: metrics.map(({ weighted }, k) =>
      metricTotals(chosen[k]!, yTrue, yPred, {
        mask: mask && counts ? mul(mask, counts) : (mask ?? counts),
        sampleWeight: weighted ? sampleWeight : undefined,
      }),
    ),
  };
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

/** The end of a sequence. */
function lastStepsOf({ node, mask, timeMajor }: Signal, steps: number): Signal {
  const end = (value: Node, axis: number) => slice(value, axis, value.shape[axis]! - steps, steps);
  return { node: end(node, timeMajor ? 0 : 1), mask: mask && end(mask, 0), timeMajor };
}

/** The signal's value, batch-first. */
export function inBatchOrder(signal: Signal): Node {
  return signal.timeMajor ? batchMajor(signal) : signal.node;
}
