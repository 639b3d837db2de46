/** Dense layer: fully connected. */
import { type ActivationLike, activationConfig, resolveActivation } from "../activations/index.js";
import { add, matmul } from "../equations/index.js";
import { type InitializerLike, resolveInitializer } from "../initializers/index.js";
import { checkOption, checkOptions, count, flag, type OptionChecks } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { knownAxis, unfitInput } from "./describe-layer.js";
import type { Layer, LayerOptions } from "./layer.js";
import { activationLike, initializerLike, layerOptions, ruleOptions } from "./option-checks.js";
import { type RuledWeight, weightRules } from "./weight-rules.js";

/** Options of `dense`. */
export interface DenseOptions extends LayerOptions, RuledWeight<"kernel">, RuledWeight<"bias"> {
  /** Default "linear". */
  readonly activation?: ActivationLike;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorotUniform". */
  readonly kernelInitializer?: InitializerLike;
  /** Default "zeros". */
  readonly biasInitializer?: InitializerLike;
}

const denseOptions: OptionChecks<DenseOptions> = {
  ...layerOptions,
  ...ruleOptions("kernel", "bias"),
  activation: activationLike,
  useBias: flag,
  kernelInitializer: initializerLike,
  biasInitializer: initializerLike,
};

/**
 * y = f(x·W + b) along the last axis, so on a sequence it works step by step. W is [features, units], b [units].
 *
 * @param units numbers in the output's last axis
 * @throws ConfigError when units is not a positive integer; ShapeError when the input has no feature axis
 * @example dense(1, { activation: "sigmoid" })
 */
export function dense(units: number, options: DenseOptions = {}): Layer {
  checkOptions("Dense", options, denseOptions);
  checkOption("Dense", "units", units, count);
  const { useBias = true } = options;
  const activation = resolveActivation(options.activation);
  const kernelInitializer = resolveInitializer(options.kernelInitializer ?? "glorotUniform");
  const biasInitializer = resolveInitializer(options.biasInitializer ?? "zeros");
  const rules = weightRules(options, ["kernel", "bias"]);
  const config = {
    units,
    activation: activationConfig(activation),
    useBias,
    kernelInitializer: kernelInitializer.config,
    biasInitializer: biasInitializer.config,
    ...rules.config,
  };
  return defineLayer("Dense", options, {
    config,
    inputCount: 1,
    masking: "passes",
    parameters(inputShape) {
      if (inputShape.length < 2) {
        throw unfitInput(this, "[batch, …, features]", inputShape, "Give each example an axis of features.");
      }
      const kernel = [knownAxis(this, inputShape, -1, "features"), units];
      return [
        { name: "kernel", shape: kernel, initializer: kernelInitializer, ...rules.of.kernel },
        ...(useBias ? [{ name: "bias", shape: [units], initializer: biasInitializer, ...rules.of.bias }] : []),
      ];
    },
    outputShapes: (inputShape) => [[...inputShape.slice(0, -1), units]],
    call([signal], { parameter }) {
      const product = matmul(signal.node, parameter("kernel"));
      return [{ ...signal, node: activation(useBias ? add(product, parameter("bias")) : product) }];
    },
  });
}
