/** Loss equations of one run: data in, sums of losses and metrics out. */
import { add, input, mul, type Node, notEqual, reshape, slice } from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { type Signal, swapFirstAxes, timeMajor } from "../layers/index.js";
import { lossTotals, meanLoss, sampleLosses } from "../losses/index.js";
import { type Metric, metricTotals, type SummedMetric } from "../metrics/index.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import type { CarriedStates } from "./carried-states.js";
import { checkActivation, checkMetric } from "./check-activation.js";
import type { CompiledModel, CompiledOutput } from "./compiled-model.js";
import { endpoints, inBatchOrder } from "./endpoints.js";
import { type Network, type TraceOptions, traceNetwork } from "./network.js";
import { penaltyOf } from "./penalties.js";
import { portName, type Signature } from "./ports.js";

/** Settings of a run of the network. */
export interface RunSettings extends Omit<TraceOptions, "seed"> {
  readonly carry?: CarriedStates;
  /** Number of steps at the end that have targets and losses; default: all. */
  readonly lossSteps?: number;
}

/** The network on data, and the sums of losses and metrics over the batch, by port name. */
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
    const chosen = chosenMetrics(output, signature[portName("y", i)]!, inBatchOrder(prediction).shape);
    for (const [k, metric] of chosen.entries()) {
      checkMetric(compiled, output.loss, metric, output.metrics[k]!.name, prediction.node);
    }
    const { loss, metrics, perSample } = outputLosses(prediction, { ...output, chosen }, i, signature, inputs);
    const { timeMajor: inSteps, mask } = outputs[output.index]!;
    stepLosses.push(inSteps && perSample.shape.length === 2 ? { stepLosses: perSample, mask } : undefined);
    totals[portName("lossTotal", i)] = loss.total;
    totals[portName("lossCount", i)] = loss.count;
    for (const sums of metrics) totals[portName("metric", metric++)] = sums;
  });
  return { inputs, totals, stepLosses };
}

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

/** The metrics of an output, in the form for its data and its loss. */
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
  const y = input(portName("y", i), signature[portName("y", i)]!, loss.targets);
  inputs[portName("y", i)] = y;
  const yTrue = swapped && y.shape.length > 1 ? swapFirstAxes(y) : y;
  const samples = sampleLosses(loss, yTrue, yPred, prediction.mask);
  let sampleWeight: Node | undefined;
  const weights = signature[portName("sampleWeight", i)];
  if (weights) {
    const weight = input(portName("sampleWeight", i), weights);
    inputs[portName("sampleWeight", i)] = weight;
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

/** The loss that training lowers: Σ weight · loss over the outputs with a loss, and what the weights cost. */
export function totalLoss(network: Network, { outputs }: CompiledModel, totals: Readonly<Record<string, Node>>): Node {
  const terms = outputs.map(({ lossWeight }, i) => {
    const loss = meanLoss({ total: totals[portName("lossTotal", i)]!, count: totals[portName("lossCount", i)]! });
    return lossWeight === 1 ? loss : mul(loss, lossWeight);
  });
  return add(...terms, ...Object.values(penaltyOf(network.parameters)));
}
