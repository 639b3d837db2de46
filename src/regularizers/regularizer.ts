/** The contract of a regularizer: a penalty on a weight, added to the loss. */
import type { Node } from "../equations/index.js";

/** A penalty on a weight. */
export interface Regularizer {
  /** Keras's class name and options: `{ type: "L2", l2: 0.01 }`. */
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** The penalty, a scalar. */
  penalty(weight: Node): Node;
}
