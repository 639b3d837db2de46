/** Layers: parameters, a shape rule and an equation each. */

export { isSymbolicTensor, oneTensor, symbolicInput } from "./apply-layer.js";
export { checkLayer, layerOf } from "./check-layer.js";
export { graphSchema, layerConfigSchema, mostLayers, partialShape } from "./config-schema.js";
export { defineLayer, type LayerForm, withName } from "./define-layer.js";
export type { InitialState, RandomInitialState } from "./initial-state.js";
export {
  type AppliedTensor,
  batchMajor,
  type CallContext,
  type Layer,
  type LayerCall,
  type LayerConfig,
  type LayerLike,
  type LayerOptions,
  layersInside,
  type ParameterSpec,
  type Signal,
  type Signals,
  type StateCarrier,
  type SymbolicTensor,
  swapFirstAxes,
  timeMajor,
} from "./layer.js";
export { type CustomLayers, type LayerSources, layerFromConfig, layerTypes } from "./layer-from-config.js";
export { originalOf } from "./layer-identity.js";
export * from "./public.js";
export { isRecurrent, type RecurrentLayer, type RecurrentOptions } from "./recurrent.js";
export { warn, warnOnce } from "./warn.js";
export { layersAround, type Weight, weightOf } from "./weight-owner.js";
export type { Padding } from "./windows.js";
