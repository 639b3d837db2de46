/** Activation layer: a function of each number. */
import { type ActivationLike, activationConfig, resolveActivation } from "../activations/index.js";
import { checkOptions } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import type { Layer, LayerOptions } from "./layer.js";
import { layerOptions } from "./option-checks.js";

/**
 * y = f(x), element by element, or along the last axis for softmax.
 *
 * @param f a name such as "relu", or a function from node to node that keeps the shape
 * @throws ConfigError when the name is unknown
 * @example activation("softmax")
 */
export function activation(f: ActivationLike, options: LayerOptions = {}): Layer {
  checkOptions("Activation", options, layerOptions);
  const resolved = resolveActivation(f);
  return defineLayer("Activation", options, {
    config: { activation: activationConfig(resolved) },
    inputCount: 1,
    masking: "passes",
    ready: true,
    parameters: () => [],
    outputShapes: (inputShape) => [inputShape],
    call: ([signal]) => [{ ...signal, node: resolved(signal.node) }],
  });
}
