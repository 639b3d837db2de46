/** A model's loss on some examples, as equations with all that running them takes. */
import type { Truncation } from "../equations/index.js";
import type { Examples } from "../training/index.js";
import type { CompiledModel } from "./loss-equations.js";
import type { Network } from "./network.js";
import type { Parameter } from "./network-weights.js";
import { meanLossEquations, type TracedLoss } from "./step-equations.js";
import type { Variables } from "./variables.js";

/** What `Model.traceLoss` gives. */
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
  return {
    ...meanLossEquations(network, compiled, signature, truncation),
    values: { ...values, seed: [0] },
    parameters: network.parameters,
    read: (id) => variables.read(id),
  };
}
