/** What the weights of a model cost by their regularizers: a part of the loss that no batch and no thread changes. */
import { add, differentiate, type Node } from "../equations/index.js";
import type { Parameter } from "./network-weights.js";
import { portName } from "./ports.js";

/** The cost of all trainable weights, by the name of the output; nothing if none has a regularizer. */
export function penaltyOf(parameters: readonly Parameter[]): Readonly<Record<string, Node>> {
  const costs = parameters.flatMap(({ trainable, regularizer, node }) =>
    trainable && regularizer ? [regularizer.penalty(node)] : [],
  );
  return costs.length > 0 ? { [portName("penalty")]: add(...costs) } : {};
}

/** Gradients of the data's loss, each with that of its own weight's cost. */
export function withPenalties(parameters: readonly Parameter[], gradients: readonly Node[]): Node[] {
  return gradients.map((gradient, i) => {
    const { node, regularizer } = parameters[i]!;
    return regularizer ? add(gradient, differentiate(regularizer.penalty(node), [node])[0]!) : gradient;
  });
}
