/** What a model computes in one run, as equations: a training step, a test step, a prediction. */
import type { Equations } from "../compiler/compile.js";
import { add, differentiate, input, mul, type Node, type Truncation } from "../equations/index.js";
import { type Signal, swapFirstAxes } from "../layers/index.js";
import { meanLoss } from "../losses/index.js";
import type { CarriedStates } from "./carried-states.js";
import {
  type CompiledModel,
  endpoints,
  inBatchOrder,
  lossCount,
  lossEquations,
  lossTotal,
  metricSums,
  metricsOf,
  type RunSettings,
  type Signature,
  type StepLosses,
  scaleInput,
} from "./loss-equations.js";
import { type Network, traceNetwork, trainedOf } from "./network.js";
import { penaltyOf } from "./penalties.js";
import { namesFew, rowGradientOf, rowsOfShard } from "./row-gradients.js";
import type { StepEquations } from "./shard-programs.js";
import { lossNames, shardVariable, updatesOf } from "./update-equations.js";

/** How a training step deviates from one on whole sequences. */
export type StepSettings = Omit<RunSettings, "training">;

/** Every output and the masks of those that have one, batch-first. */
export function predictEquations(network: Network, signature: Signature, carry?: CarriedStates): Equations {
  const { signals, seed, inputs } = endpoints(network, signature);
  const outputs = traceNetwork(network, signals, { training: false, seed, carry });
  return {
    name: "predict",
    inputs,
    outputs: Object.fromEntries(
      outputs.flatMap((signal, i) => [
        [`output${i}`, inBatchOrder(decoded(network, i, signal))],
        ...(signal.mask ? [[`mask${i}`, swapFirstAxes(signal.mask)]] : []),
      ]),
    ),
    updates: carry?.updates,
  };
}

/** What people want of an output that was made for its loss. */
function decoded({ nodes, outputs }: Network, i: number, signal: Signal): Signal {
  const maker = nodes.find((node) => node.outputs.includes(outputs[i]!.value));
  return maker?.layer.layer.decode?.(signal) ?? signal;
}

/** Loss and metric totals in inference mode. */
export function testEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  carry?: CarriedStates,
): Equations {
  const { inputs, totals } = lossEquations(network, compiled, signature, { training: false, carry });
  return {
    name: "test step",
    inputs,
    outputs: { ...totals, ...penaltyOf(network.parameters) },
    updates: carry?.updates,
  };
}

/** The loss that training lowers, without dropout, and the losses it is the mean of. */
export interface TracedLoss extends Partial<StepLosses> {
  readonly inputs: Record<string, Node>;
  readonly loss: Node;
}

/** The loss as one number, in inference mode; with a single output also what it is at every step, if it is at every step. */
export function meanLossEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  truncation?: Truncation,
): TracedLoss {
  const { inputs, totals, stepLosses } = lossEquations(network, compiled, signature, { training: false, truncation });
  const loss = wholeLoss(network, compiled, totals);
  return { inputs, loss, ...(stepLosses.length === 1 ? stepLosses[0] : {}) };
}

/** Forward, loss, backward, clipping, update and metric totals in one program. Metrics are of the prediction before the update. */
export function trainEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  settings: StepSettings = {},
): Equations {
  const { inputs, totals } = lossEquations(network, compiled, signature, { ...settings, training: true });
  const learningRate = input("learningRate", []);
  const loss = wholeLoss(network, compiled, totals);
  const parameters = trainedOf(network);
  const gradients = differentiate(
    loss,
    parameters.map(({ node }) => node),
  );
  return {
    name: "training step",
    inputs: { ...inputs, learningRate },
    outputs: { ...totals, ...penaltyOf(network.parameters) },
    updates: [
      ...updatesOf(parameters, gradients, compiled.optimizer, learningRate),
      ...(settings.carry?.updates ?? []),
    ],
  };
}

/**
 * A thread's part of a training step: forward and backward on some of the batch. Gradients and losses are of sums, not of means, and go
 * to variables of the shard, here of shard 0, from which `updateEquations` takes them; sums of metrics are read from each shard. With several outputs each
 * loss is divided by a count of the whole batch, which then is an input: see `countEquations`. What weights cost does not depend on the
 * batch; `updateEquations` adds it once.
 *
 * @param batch examples of the whole batch
 */
export function shardEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  batch: number,
  settings: StepSettings = {},
): StepEquations {
  const { inputs, totals } = lossEquations(network, compiled, signature, { ...settings, training: true });
  const several = compiled.outputs.length > 1;
  const scales = several ? compiled.outputs.map((_, i) => input(scaleInput(i), [])) : [];
  const objective = several
    ? add(...scales.map((scale, i) => mul(totals[lossTotal(i)]!, scale)))
    : totals[lossTotal(0)]!;
  const parameters = trainedOf(network);
  const gradients = differentiate(
    objective,
    parameters.map(({ node }) => node),
  );
  const examples = Object.values(signature)[0]![0]!;
  const idCounts: Record<string, number> = {};
  const left = parameters.flatMap((parameter, i): [Node, Node][] => {
    const { id, shape } = parameter;
    const found = rowGradientOf(parameter, gradients[i]!);
    const count = found?.ids.shape[0] ?? 0;
    const few = found && namesFew(parameter, (count / examples) * batch);
    if (found) idCounts[id] = few ? count : 0;
    if (!few) return [[shardVariable(0, id, shape), gradients[i]!]];
    const place = rowsOfShard(0, parameter, count);
    return [
      [place.ids, found.ids],
      [place.rows, found.rows],
    ];
  });
  return {
    name: "training step, shard 0",
    inputs: { ...inputs, ...Object.fromEntries(scales.map((scale, i) => [scaleInput(i), scale])) },
    outputs: Object.fromEntries(metricsOf(compiled).map((_, i) => [metricSums(i), totals[metricSums(i)]!])),
    updates: [
      // Losses first, so that nothing of them is kept until the gradients are done.
      ...lossNames(compiled).map((name): [Node, Node] => [shardVariable(0, name, []), totals[name]!]),
      ...left,
      ...(settings.carry?.updates ?? []),
    ],
    idCounts,
  };
}

/** How many losses of each output are valid in a batch: all that the shards of a model with several outputs must know of one another. */
export function countEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  lossSteps?: number,
): Equations {
  const { inputs, totals } = lossEquations(network, compiled, signature, { training: false, lossSteps });
  return {
    name: "valid losses",
    inputs,
    outputs: Object.fromEntries(compiled.outputs.map((_, i) => [lossCount(i), totals[lossCount(i)]!])),
  };
}

/** What training lowers: Σ weight · loss over the outputs with a loss, and what the weights cost. */
export function wholeLoss(network: Network, { outputs }: CompiledModel, totals: Readonly<Record<string, Node>>): Node {
  const terms = outputs.map(({ lossWeight }, i) => {
    const loss = meanLoss({ total: totals[lossTotal(i)]!, count: totals[lossCount(i)]! });
    return lossWeight === 1 ? loss : mul(loss, lossWeight);
  });
  return add(...terms, ...Object.values(penaltyOf(network.parameters)));
}
