/** Carried states, from run to run: variables that a program reads before its first step and updates after its last. */
import { type Node, stateAfter, variable } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { isRecurrent, type Layer, layersInside, type StateCarrier } from "../layers/index.js";
import type { PartialShape, Shape } from "../tensor/shape.js";
import type { Network } from "./network.js";

/** Plan by which a program carries states. */
export interface CarryPlan {
  /** Prefix of the variables' names; programs with the same prefix continue from the same states. */
  readonly prefix: string;
  /** True for all recurrent layers, false for only those that are `stateful`. */
  readonly every: boolean;
  /** True if layers start from their initial states instead of the variables. */
  readonly startsFresh: boolean;
  /** Number of steps after which the state is kept; default: all. 0 keeps nothing. */
  readonly steps?: number;
}

/** Prefix of states that belong to the model: a checkpoint holds them. @param shard index of the shard of a batch */
export function carriedPrefix(kind: "stateful" | "window", rows: number, shard: number): string {
  return `carried ${kind} ${rows}.${shard}/`;
}

/** Prefix of states carried from window to window of a stream in evaluation; checkpoints do not hold them. */
export function evaluationPrefix(rows: number, shard: number): string {
  return `evaluation window ${rows}.${shard}/`;
}

/** True for a variable with a prefix of `carriedPrefix`. */
export function isCarried(name: string): boolean {
  return name.startsWith("carried ");
}

/** Carriers of the layers of one program, and the updates of their states. */
export class CarriedStates {
  readonly updates: [Node, Node][] = [];
  readonly #plan: CarryPlan;
  /** A variable is one node, read and updated, so that the compiler sees which of the two comes first. */
  readonly #variables = new Map<string, Node>();

  constructor(plan: CarryPlan) {
    this.#plan = plan;
  }

  /** The carrier of a layer. @throws ConfigError where a layer that is used twice would have two states */
  carrier(layer: string): StateCarrier {
    const { prefix, every, startsFresh, steps } = this.#plan;
    return {
      every,
      before: (state, shape) => (startsFresh ? undefined : this.#variable(`${prefix}${layer}/${state}`, shape)),
      after: (state, final) => {
        const name = `${prefix}${layer}/${state}`;
        if (this.updates.some(([kept]) => kept.name === name)) {
          throw new ConfigError(
            `"${layer}" is used twice in the model, so its state cannot be carried: it would have two. Use a layer for each place, or give and ` +
              "take its states as inputs and outputs of the model.",
          );
        }
        if (steps === 0) return;
        const kept = steps === undefined ? final : stateAfter(final, steps);
        this.updates.push([this.#variable(name, final.shape), kept]);
      },
    };
  }

  #variable(name: string, shape: Shape): Node {
    const known = this.#variables.get(name) ?? variable(name, shape);
    this.#variables.set(name, known);
    return known;
  }
}

/** The carried states when every recurrent layer takes part: "lstm/h", … with their shapes, batch-first. */
export function statesOf({ nodes }: Network, batch: number): ReadonlyMap<string, Shape> {
  const states = new Map<string, Shape>();
  const add = (layer: Layer, inputShapes: readonly PartialShape[], name: string): void => {
    const [first, ...others] = inputShapes as [PartialShape, ...PartialShape[]];
    for (const inner of layer.inside?.(first, ...others) ?? []) {
      add(inner.layer, inner.inputShapes, `${name}/${inner.layer.name}`);
    }
    if (!isRecurrent(layer) || others.length > 0) return;
    for (const [state, shape] of Object.entries(layer.statesFor(first)))
      states.set(`${name}/${state}`, [batch, ...shape]);
  };
  for (const { layer, inputShapes } of nodes) add(layer.layer, inputShapes, layer.layer.name!);
  return states;
}

/** True if any layer, or a layer inside one, is `stateful`. */
export function isStateful({ layers }: Network): boolean {
  return layers.some(({ layer }) => keepsState(layer));
}

function keepsState(layer: Layer): boolean {
  return layer.config.stateful === true || layersInside(layer).some(keepsState);
}
