/** The contract of a regularizer: what a weight costs. The cost is added to the loss, so training pays it and reports show it. */
import type { Node } from "../equations/index.js";

/** What a weight costs. */
export interface Regularizer {
  /** Keras's class name and options: `{ type: "L2", l2: 0.01 }`. */
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** The cost, a scalar. */
  penalty(weight: Node): Node;
}
