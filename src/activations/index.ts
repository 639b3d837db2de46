/** Activations: equations that keep the shape. */
export type { Activation, ActivationLike } from "./activation.js";
export { elu, leakyRelu, relu, relu6, selu } from "./rectifiers.js";
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
} from "./smooth.js";
export { hardSigmoid, hardTanh, logSigmoid, sigmoid, softsign, tanh } from "./squashing.js";
