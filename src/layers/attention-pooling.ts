/** Attention pooling: a sequence becomes one vector, a weighted mean of its steps. */
import { add, matmul, reshape, tanh, transpose } from "../equations/index.js";
import { type InitializerLike, resolveInitializer, zeros } from "../initializers/index.js";
import { checkOptions, count, flag, type OptionChecks } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { knownAxis } from "./describe-layer.js";
import { batchMajor, type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { maskedSoftmax } from "./mask.js";
import { noTimeAxis } from "./no-time-axis.js";
import { initializerLike, layerOptions } from "./option-checks.js";

/** Options of `attentionPooling1D`. */
export interface AttentionPoolingOptions extends LayerOptions {
  /** Length of the hidden vector that is scored; default: the number of features. */
  readonly units?: number;
  /** The weights as a second output, [batch, time]: the importance of each step. Default false. */
  readonly returnAttentionScores?: boolean;
  /** Default "glorotUniform". */
  readonly kernelInitializer?: InitializerLike;
}

const attentionPoolingOptions: OptionChecks<AttentionPoolingOptions> = {
  ...layerOptions,
  units: count,
  returnAttentionScores: flag,
  kernelInitializer: initializerLike,
};

/**
 * The encoded vector of a sequence, a mean of its steps weighted by a learned score (Yang et al. 2016, "Hierarchical attention networks
 * for document classification"): e(t) = tanh(h(t)·W + b)·u, a = softmax over the valid steps of e, y = Σ a(t)·h(t).
 * [batch, time, features] → [batch, features].
 *
 * Parameters: kernel W [features, units], bias b [units], query u [units, 1]. Padding has weight 0; a sequence without any valid step
 * gives 0.
 *
 * @throws ConfigError when units is not a positive integer; ShapeError unless the input is [batch, time, features]
 * @example attentionPooling1D({ returnAttentionScores: true })
 */
export function attentionPooling1D(options: AttentionPoolingOptions = {}): Layer {
  checkOptions("AttentionPooling1D", options, attentionPoolingOptions);
  const { returnAttentionScores = false } = options;
  const kernelInitializer = resolveInitializer(options.kernelInitializer ?? "glorotUniform");
  return defineLayer("AttentionPooling1D", options, {
    config: { units: options.units, returnAttentionScores, kernelInitializer: kernelInitializer.config },
    inputCount: 1,
    masking: "consumes",
    parameters(inputShape) {
      if (inputShape.length !== 3) throw noTimeAxis(this, inputShape);
      const features = knownAxis(this, inputShape, -1, "features");
      const units = options.units ?? features;
      return [
        { name: "kernel", shape: [features, units], initializer: kernelInitializer },
        { name: "bias", shape: [units], initializer: zeros() },
        { name: "query", shape: [units, 1], initializer: kernelInitializer },
      ];
    },
    outputShapes: ([batch, time, features]) => [
      [batch!, features!],
      ...(returnAttentionScores ? [[batch!, time!]] : []),
    ],
    call([signal], { parameter }) {
      const hidden = tanh(add(matmul(timeMajor(signal), parameter("kernel")), parameter("bias")));
      const [time, batch] = hidden.shape as [number, number];
      const scores = transpose(reshape(matmul(hidden, parameter("query")), [time, batch]));
      const weights = maskedSoftmax(scores, signal.mask && transpose(signal.mask));
      const x = batchMajor(signal);
      const mean = reshape(matmul(reshape(weights, [batch, 1, time]), x), [batch, x.shape[2]!]);
      const pooled = { node: mean, timeMajor: false };
      return returnAttentionScores ? [pooled, { node: weights, timeMajor: false }] : [pooled];
    },
  });
}
