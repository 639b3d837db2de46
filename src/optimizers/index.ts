/** Optimizers and learning-rate schedules. */
export { type AdamOptions, adam, adamw } from "./adam.js";
export { type AdamVariantOptions, adamax, nadam } from "./adam-variants.js";
export { type AdadeltaOptions, type AdagradOptions, adadelta, adagrad } from "./adaptive-rates.js";
export { clipGradients, type SquaredNorms } from "./clip.js";
export {
  type CosineDecayOptions,
  type CosineDecayRestartsOptions,
  cosineDecay,
  cosineDecayRestarts,
} from "./cosine-schedules.js";
export {
  exponentialDecay,
  inverseTimeDecay,
  type PiecewiseConstantDecayOptions,
  type PolynomialDecayOptions,
  piecewiseConstantDecay,
  polynomialDecay,
  type RateDecayOptions,
} from "./decay-schedules.js";
export type { OptimizerOptions } from "./define-optimizer.js";
export { type LionOptions, lion } from "./lion.js";
export type { ClipOptions, Optimizer, UpdateContext, UpdateResult } from "./optimizer.js";
export { type OptimizerLike, optimizers, resolveOptimizer } from "./resolve-optimizer.js";
export { resolveSchedule, type ScheduleLike, schedules } from "./resolve-schedule.js";
export { type RMSpropOptions, rmsprop } from "./rmsprop.js";
export type { Schedule } from "./schedule.js";
export { type SGDOptions, sgd } from "./sgd.js";
