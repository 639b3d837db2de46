/** Names of the variables that shards of a batch leave for the end of a step. */
import { type Node, variable } from "../equations/index.js";
import type { Shape } from "../tensor/shape.js";
import type { CompiledModel } from "./compiled-model.js";
import { portName } from "./ports.js";

/** The name of a variable that a shard leaves. */
export const shardName = (shard: number, name: string): string => `shard ${shard}/${name}`;

/** The variable in which a shard leaves a gradient or a total. */
export function shardVariable(shard: number, name: string, shape: Shape): Node {
  return variable(shardName(shard, name), shape);
}

/** Totals that a shard leaves of every output with a loss, besides gradients. */
export function lossNames({ outputs }: CompiledModel): string[] {
  return outputs.flatMap((_, i) => [portName("lossTotal", i), portName("lossCount", i)]);
}
