/** Losses: the cost of predictions. */
export { binaryCrossentropy } from "./binary-crossentropy.js";
export {
  categoricalCrossentropy,
  type IgnoreOption,
  sparseCategoricalCrossentropy,
} from "./categorical-crossentropy.js";
export { checkSamples } from "./check-samples.js";
export { crfLoss } from "./crf-loss.js";
export type { CrossentropyOptions, NormalizeOption } from "./crossentropy.js";
export { type CTCOptions, ctc } from "./ctc.js";
export { type CTCDecodeOptions, type CTCDecoding, ctcDecode } from "./ctc-decode.js";
export { defineLoss, type LossDefinition } from "./define-loss.js";
export {
  binaryFocalCrossentropy,
  type ClassBalancing,
  categoricalFocalCrossentropy,
  type FocalOptions,
} from "./focal-crossentropy.js";
export { categoricalHinge, hinge, squaredHinge } from "./hinge.js";
export { kullbackLeiblerDivergence } from "./kullback-leibler-divergence.js";
export { logitsOf } from "./logits-of.js";
export type { Loss } from "./loss.js";
export {
  cosineSimilarity,
  huber,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
} from "./mean-errors.js";
export { lossTotals, meanLoss, type ReductionOptions, reduceLoss, sampleLosses } from "./reduce-loss.js";
export { type LossLike, losses, lossRegistry, resolveLoss } from "./resolve-loss.js";
