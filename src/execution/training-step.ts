/**
 * Training step of one shard of a batch: forward, loss, backward. A shard that is the whole batch updates the weights in the same program.
 * One of several leaves sums of gradients and losses in variables, from which the update of the batch takes them (updates.ts). The shards of a
 * step share no memory but these variables.
 */
import { add, differentiate, input, mul, type Node } from "../equations/index.js";
import { type CompiledModel, metricsOf } from "./compiled-model.js";
import { gradientForm } from "./gradient-form.js";
import { lossEquations, type RunSettings, totalLoss } from "./loss-equations.js";
import { type Network, trainedOf } from "./network.js";
import { penaltyOf } from "./penalties.js";
import { portName, type Signature } from "./ports.js";
import { lossNames, shardVariable } from "./shard-names.js";
import type { StepEquations } from "./shard-programs.js";
import { rowGradientOf, rowsOfShard, type ShardGradient } from "./sparse-gradients.js";
import { updatesOf } from "./updates.js";

/** Deviations of a training step from one on whole sequences. */
export type StepSettings = Omit<RunSettings, "training">;

/** A training step on a batch. */
export interface TrainingStep {
  readonly network: Network;
  readonly compiled: CompiledModel;
  /** Examples of the whole batch. */
  readonly rows: number;
  readonly settings?: StepSettings | undefined;
}

/**
 * The step of a shard, with the names of shard 0.
 *
 * @param signature shapes of the shard's data: of the whole batch if there is one shard
 */
export function shardEquations(step: TrainingStep, signature: Signature): StepEquations {
  const { network, compiled, settings } = step;
  const { inputs, totals } = lossEquations(network, compiled, signature, { ...settings, training: true });
  const carried = settings?.carry?.updates ?? [];
  if (examplesOf(signature) === step.rows) {
    const learningRate = input(portName("learningRate"), []);
    const gradients = gradientsOf(step, signature, totalLoss(network, compiled, totals));
    return {
      name: "training step",
      inputs: { ...inputs, [portName("learningRate")]: learningRate },
      outputs: { ...totals, ...penaltyOf(network.parameters) },
      updates: [...updatesOf(gradients, compiled.optimizer, learningRate), ...carried],
    };
  }
  const scales = lossScales(compiled);
  const gradients = gradientsOf(step, signature, summedLoss(totals, scales));
  const metrics = metricsOf(compiled).map((_, i) => portName("metric", i));
  return {
    name: "training step, shard 0",
    inputs: { ...inputs, ...Object.fromEntries(scales.map((scale, i) => [portName("lossScale", i), scale])) },
    outputs: Object.fromEntries(metrics.map((name) => [name, totals[name]!])),
    updates: [
      // Losses first, so that they do not take memory until the gradients are done.
      ...lossNames(compiled).map((name): [Node, Node] => [shardVariable(0, name, []), totals[name]!]),
      ...gradients.flatMap(leave),
      ...carried,
    ],
    forms: Object.fromEntries(gradients.map(({ parameter, form }) => [parameter.id, form])),
  };
}

function examplesOf(signature: Signature): number {
  return Object.values(signature)[0]![0]!;
}

/** Gradients of the trained parameters. */
function gradientsOf(
  { network, rows: batch }: TrainingStep,
  signature: Signature,
  objective: Node,
): readonly ShardGradient[] {
  const parameters = trainedOf(network);
  const gradients = differentiate(
    objective,
    parameters.map(({ node }) => node),
  );
  return parameters.map((parameter, i) => {
    const whole = gradients[i]!;
    const rows = rowGradientOf(parameter, whole);
    return {
      parameter,
      whole,
      rows,
      form: gradientForm(parameter.shape, rows?.ids.shape[0], batch / examplesOf(signature)),
    };
  });
}

/**
 * Factors for the sums of losses of several outputs, which are inputs: each is divided by a count of the whole batch (`countEquations`). The
 * count of a single output divides the sum of gradients.
 */
function lossScales({ outputs }: CompiledModel): readonly Node[] {
  return outputs.length > 1 ? outputs.map((_, i) => input(portName("lossScale", i), [])) : [];
}

/** A shard's part of the loss. The penalty does not depend on the batch; the update adds it once. */
function summedLoss(totals: Readonly<Record<string, Node>>, scales: readonly Node[]): Node {
  if (scales.length === 0) return totals[portName("lossTotal")]!;
  return add(...scales.map((scale, i) => mul(totals[portName("lossTotal", i)]!, scale)));
}

/** Leaves a gradient in variables of shard 0. */
function leave({ parameter, whole, rows, form }: ShardGradient): [Node, Node][] {
  if (!rows || form.kind !== "sparse") return [[shardVariable(0, parameter.id, parameter.shape), whole]];
  const left = rowsOfShard(0, parameter, form.count);
  return [
    [left.ids, rows.ids],
    [left.rows, rows.rows],
  ];
}
