/** Activation: an equation from a tensor to a tensor of the same shape. It may look along the last axis, as softmax does. */
import type { Node } from "../equations/index.js";

/** An equation that keeps the shape: one of those listed by name, or a custom function. */
export type Activation = (x: Node) => Node;

/** Keras's name, in its own spelling or in camelCase, or a function. null and undefined stand for "linear". */
export type ActivationLike = string | Activation | null | undefined;
