/** Trace of a model's loss on some examples: its equations, with all that is needed to run them. */
import type { Node, Truncation } from "../equations/index.js";
import type { Examples } from "../training/index.js";
import type { CompiledModel } from "./compiled-model.js";
import { lossEquations, type StepLosses, totalLoss } from "./loss-equations.js";
import type { Network } from "./network.js";
import type { Parameter } from "./network-weights.js";
import { portName } from "./ports.js";
import type { Variables } from "./variables.js";

/** The loss that training lowers, in inference mode; with a single output that has steps also the loss at every step. */
export interface TracedLoss extends Partial<StepLosses> {
  readonly inputs: Record<string, Node>;
  readonly loss: Node;
}

/** Traced loss with the numbers of its inputs, and the weights. */
export interface LossTrace extends TracedLoss {
  /** The numbers of each input. */
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
  /** The weights: their nodes are variables of the equations. */
  readonly parameters: readonly Parameter[];
  /** A copy of a weight's numbers, by its id. */
  read(id: string): ArrayLike<number>;
}

export function traceLoss(
  network: Network,
  compiled: CompiledModel,
  variables: Variables,
  { data }: Examples,
  truncation: Truncation | undefined,
): LossTrace {
  const signature = Object.fromEntries(Object.entries(data).map(([name, { shape }]) => [name, shape]));
  const values = Object.fromEntries(Object.entries(data).map(([name, rows]) => [name, rows.data]));
  const { inputs, totals, stepLosses } = lossEquations(network, compiled, signature, { training: false, truncation });
  return {
    inputs,
    loss: totalLoss(network, compiled, totals),
    ...(stepLosses.length === 1 ? stepLosses[0] : {}),
    values: { ...values, [portName("seed")]: [0] },
    parameters: network.parameters,
    read: (id) => variables.read(id),
  };
}
