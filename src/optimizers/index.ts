/** Optimizers: how a gradient changes a weight. */
export { type AdamOptions, adam } from "./adam.js";
export { clipGradients } from "./clip.js";
export type { OptimizerOptions } from "./define-optimizer.js";
export type { ClipOptions, Optimizer, UpdateContext, UpdateResult } from "./optimizer.js";
export { type OptimizerLike, optimizers, resolveOptimizer } from "./resolve-optimizer.js";
export { type RMSpropOptions, rmsprop } from "./rmsprop.js";
export { type SGDOptions, sgd } from "./sgd.js";
