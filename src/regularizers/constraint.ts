/** The contract of a constraint: what a weight is held to. It is applied after every update, in the same program. */
import type { Node } from "../equations/index.js";

/** What a weight is held to. */
export interface Constraint {
  /** Keras's class name and options: `{ type: "MaxNorm", maxValue: 2, axis: 0 }`. */
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** The weight nearest to the given one that keeps to it, or on the way there; of the same shape. */
  apply(weight: Node): Node;
}
