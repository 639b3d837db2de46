/** Names of an optimizer's variables: the step counter, and one slot or several for each weight. */
import type { Optimizer } from "../optimizers/index.js";
import type { Parameter } from "./network-weights.js";

/** Name of the step counter. */
export function iterationName({ name }: Optimizer): string {
  return `${name}/iteration`;
}

export function slotName({ name }: Optimizer, parameter: Parameter, slot: string): string {
  return `${name}/${parameter.id}/${slot}`;
}
