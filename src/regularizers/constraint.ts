/** The contract of a constraint on a weight. It is applied after every update, in the same program. */
import type { Node } from "../equations/index.js";

/** A constraint on the values of a weight. */
export interface Constraint {
  /** Keras's class name and options: `{ type: "MaxNorm", maxValue: 2, axis: 0 }`. */
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** The nearest weight that satisfies the constraint, or a weight nearer to it; of the same shape. */
  apply(weight: Node): Node;
}
