/** Initializers: the first values of a weight. */
export { constant, identity, ones, zeros } from "./constants.js";
export { type NormalOptions, randomNormal, randomUniform, type SeedOption, truncatedNormal } from "./drawn.js";
export type { Initializer } from "./initializer.js";
export { orthogonal } from "./orthogonal.js";
export { type InitializerLike, initializers, resolveInitializer } from "./resolve-initializer.js";
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  type VarianceScalingOptions,
  varianceScaling,
} from "./variance-scaling.js";
