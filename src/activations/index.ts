/** Activations: equations that keep the shape. */
export type { Activation, ActivationLike } from "./activation.js";
export { elu, hardShrink, leakyRelu, relu, relu6, selu, softShrink, sparsePlus } from "./rectifiers.js";
export { activationConfig, activations, resolveActivation } from "./resolve-activation.js";
export {
  exponential,
  gelu,
  hardSilu,
  linear,
  logSoftmax,
  mish,
  silu,
  softmax,
  softplus,
  squareplus,
  tanhShrink,
} from "./smooth.js";
export { hardSigmoid, hardTanh, logSigmoid, sigmoid, softsign, sparseSigmoid, tanh } from "./squashing.js";
