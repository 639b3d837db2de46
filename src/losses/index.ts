/** Losses: what a wrong prediction costs. */
export { binaryCrossentropy } from "./binary-crossentropy.js";
export { categoricalCrossentropy, sparseCategoricalCrossentropy } from "./categorical-crossentropy.js";
export type { CrossentropyOptions, NormalizeOption } from "./crossentropy.js";
export { defineLoss, type LossDefinition } from "./define-loss.js";
export type { Loss } from "./loss.js";
export { meanAbsoluteError, meanSquaredError } from "./mean-errors.js";
export { lossTotals, meanLoss, type ReductionOptions, reduceLoss } from "./reduce-loss.js";
export { type LossLike, losses, resolveLoss } from "./resolve-loss.js";
