/** Layer normalization: each example, and each step, by its mean and variance. */
import { add, div, mean, mul, type Node, reshape, sqrt, square, sub } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { type InitializerLike, resolveInitializer } from "../initializers/index.js";
import { anything, checkOptions, flag, formatValue, notNegative, type OptionChecks } from "../options/index.js";
import { resolveAxis } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer, knownAxis } from "./describe-layer.js";
import { batchMajor, type Layer, type LayerOptions } from "./layer.js";
import { initializerLike, layerOptions, ruleOptions } from "./option-checks.js";
import { type RuledWeight, weightRules } from "./weight-rules.js";

/** Options of `layerNormalization`. */
export interface LayerNormalizationOptions extends LayerOptions, RuledWeight<"gamma">, RuledWeight<"beta"> {
  /** The axes whose mean and variance are taken, counting the batch's as 0; default the last. */
  readonly axis?: number | readonly number[];
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number;
  /** Whether beta is added. Default true. */
  readonly center?: boolean;
  /** Whether the result is multiplied by gamma. Default true. */
  readonly scale?: boolean;
  /** Default "zeros". */
  readonly betaInitializer?: InitializerLike;
  /** Default "ones". */
  readonly gammaInitializer?: InitializerLike;
}

const layerNormalizationOptions: OptionChecks<LayerNormalizationOptions> = {
  ...layerOptions,
  ...ruleOptions("gamma", "beta"),
  axis: anything,
  epsilon: notNegative,
  center: flag,
  scale: flag,
  betaInitializer: initializerLike,
  gammaInitializer: initializerLike,
};

/**
 * y = γ ⊙ (x − μ) / √(σ² + ε) + β, with the mean μ and the variance σ² of each example — over the last axis, of each step
 * (Ba, Kiros & Hinton 2016). γ and β have the shape of the axes. Masks are passed on; over the time axis a masked sequence is refused,
 * because padding would change the mean.
 *
 * @throws ConfigError for the axis of the batch, a negative epsilon, or a mask over the time axis
 * @example layerNormalization({ epsilon: 1e-6 })
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): Layer {
  checkOptions("LayerNormalization", options, layerNormalizationOptions);
  const { axis = -1, epsilon = 1e-3, center = true, scale = true } = options;
  const given = Array.isArray(axis) ? axis : [axis];
  if (given.length === 0 || given.includes(0) || !given.every(Number.isInteger)) {
    throw new ConfigError(
      `LayerNormalization: axis must be whole numbers other than 0, the batch's, received ${formatValue(axis)}.`,
    );
  }
  const beta = resolveInitializer(options.betaInitializer ?? "zeros");
  const gamma = resolveInitializer(options.gammaInitializer ?? "ones");
  const rules = weightRules(options, ["gamma", "beta"]);
  const axesOf = (layer: Layer, rank: number) =>
    [...new Set(given.map((each) => resolveAxis(describeLayer(layer), each, rank)))].sort((a, b) => a - b);

  return defineLayer("LayerNormalization", options, {
    config: {
      axis,
      epsilon,
      center,
      scale,
      betaInitializer: beta.config,
      gammaInitializer: gamma.config,
      ...rules.config,
    },
    inputCount: 1,
    masking: "passes",
    parameters(inputShape) {
      const shape = axesOf(this, inputShape.length).map((each) => knownAxis(this, inputShape, each, "features"));
      return [
        ...(scale ? [{ name: "gamma", shape, initializer: gamma, ...rules.of.gamma }] : []),
        ...(center ? [{ name: "beta", shape, initializer: beta, ...rules.of.beta }] : []),
      ];
    },
    outputShapes: (inputShape) => [inputShape],
    call([signal], { parameter }) {
      const axes = axesOf(this, signal.node.shape.length);
      const overTime = axes[0]! < 2;
      if (overTime && signal.mask) {
        throw new ConfigError(
          `${describeLayer(this)} over axis ${axes[0]} would count padding into its mean. Normalize over the last axis, or drop the mask.`,
        );
      }
      const x = overTime ? batchMajor(signal) : signal.node;
      const shaped = (weight: Node) =>
        reshape(
          weight,
          x.shape.map((size, i) => (axes.includes(i) ? size : 1)),
        );
      const centred = sub(x, mean(x, axes, { keepDims: true }));
      const variance = mean(square(centred), axes, { keepDims: true });
      const normal = div(centred, sqrt(add(variance, epsilon)));
      const scaled = scale ? mul(normal, shaped(parameter("gamma"))) : normal;
      const node = center ? add(scaled, shaped(parameter("beta"))) : scaled;
      return [overTime ? { node, timeMajor: false } : { ...signal, node }];
    },
  });
}
