/** Penalties of a model's weights by their regularizers: a part of the loss that no batch and no thread changes. */
import { add, differentiate, type Node } from "../equations/index.js";
import type { Parameter } from "./network-weights.js";
import { portName } from "./ports.js";

/** The penalty of all trainable weights, by the name of the output; empty if none has a regularizer. */
export function penaltyOf(parameters: readonly Parameter[]): Readonly<Record<string, Node>> {
  const costs = parameters.flatMap(({ trainable, regularizer, node }) =>
    trainable && regularizer ? [regularizer.penalty(node)] : [],
  );
  return costs.length > 0 ? { [portName("penalty")]: add(...costs) } : {};
}

/** Gradients of the data's loss, each with that of its weight's penalty. */
export function withPenalties(parameters: readonly Parameter[], gradients: readonly Node[]): Node[] {
  return gradients.map((gradient, i) => {
    const { node, regularizer } = parameters[i]!;
    return regularizer ? add(gradient, differentiate(regularizer.penalty(node), [node])[0]!) : gradient;
  });
}
