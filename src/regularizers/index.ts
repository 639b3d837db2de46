/** Regularizers and constraints of weights. */
export {
  type ConstraintLike,
  constraints,
  type RegularizerLike,
  regularizers,
  resolveConstraint,
  resolveRegularizer,
} from "./by-name.js";
export type { Constraint } from "./constraint.js";
export { type MinMaxNormOptions, maxNorm, minMaxNorm, type NormAxes, nonNeg, unitNorm } from "./norm-constraints.js";
export { l1, l1l2, l2, type OrthogonalRegularizerOptions, orthogonalRegularizer } from "./penalties.js";
export type { Regularizer } from "./regularizer.js";
