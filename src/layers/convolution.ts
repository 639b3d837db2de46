/**
 * Convolutions: one small dense layer for every window of a sequence or an image. The values of each window are concatenated and multiplied
 * by the kernel at once.
 */
import { type ActivationLike, activationConfig, resolveActivation } from "../activations/index.js";
import { add, concat, matmul, type Node, reshape, where } from "../equations/index.js";
import { type InitializerLike, resolveInitializer } from "../initializers/index.js";
import { anything, checkOption, checkOptions, count, flag, type OptionChecks, oneOf } from "../options/index.js";
import { sizeOf } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { knownAxis } from "./describe-layer.js";
import { batchMajor, type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { maskForRank } from "./mask.js";
import { activationLike, initializerLike, layerOptions, ruleOptions } from "./option-checks.js";
import { type RuledWeight, weightRules } from "./weight-rules.js";
import { checkWindowFits, type Padding, sidesOf, windowCount, windows } from "./windows.js";

/** Options of both convolutions. */
export interface ConvolutionOptions extends LayerOptions, RuledWeight<"kernel">, RuledWeight<"bias"> {
  /** Default "linear". */
  readonly activation?: ActivationLike;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorotUniform". */
  readonly kernelInitializer?: InitializerLike;
  /** Default "zeros". */
  readonly biasInitializer?: InitializerLike;
}

/** Options of `conv1D`. */
export interface Conv1DOptions extends ConvolutionOptions {
  /** Distance from one window to the next. Default 1. */
  readonly strides?: number;
  /** Default "valid". */
  readonly padding?: Padding;
  /** Distance from one step in the window to the next. Default 1. */
  readonly dilationRate?: number;
}

/** Options of `conv2D`. One number stands for both axes. */
export interface Conv2DOptions extends ConvolutionOptions {
  /** Distance from one window to the next. Default 1. */
  readonly strides?: number | readonly number[];
  /** Default "valid". */
  readonly padding?: "valid" | "same";
  /** Distance from one position in the window to the next. Default 1. */
  readonly dilationRate?: number | readonly number[];
}

const convolutionOptions: OptionChecks<ConvolutionOptions> = {
  ...layerOptions,
  ...ruleOptions("kernel", "bias"),
  activation: activationLike,
  useBias: flag,
  kernelInitializer: initializerLike,
  biasInitializer: initializerLike,
};
const conv1DOptions: OptionChecks<Conv1DOptions> = {
  ...convolutionOptions,
  strides: anything,
  padding: oneOf("valid", "same", "causal"),
  dilationRate: anything,
};
const conv2DOptions: OptionChecks<Conv2DOptions> = { ...conv1DOptions, padding: oneOf("valid", "same") };

/**
 * y(t) = f(Σᵢ x(t + i)·W(i) + b): [batch, time, features] → [batch, windows, filters], with a kernel W [kernelSize, features, filters].
 *
 * With strides 1 and padding "same" or "causal" a mask is passed on: masked steps count as the zeros beyond the ends, so padding before or
 * after a sequence changes nothing. Otherwise windows would begin elsewhere in a padded sequence, so masks are refused.
 *
 * @param filters numbers at each step of the output
 * @param kernelSize steps in the window
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, time, features] and holds a window
 * @example conv1D(32, 3, { padding: "causal", dilationRate: 2, activation: "relu" })
 */
export function conv1D(filters: number, kernelSize: number, options: Conv1DOptions = {}): Layer {
  checkOptions("Conv1D", options, conv1DOptions);
  const { strides = 1, padding = "valid", dilationRate = 1 } = options;
  return convolution({ type: "Conv1D", rank: 1, filters, kernelSize, strides, padding, dilationRate }, options);
}

/**
 * A convolution over both axes of an image: [batch, height, width, channels] → [batch, rows, columns, filters], with a kernel
 * [kernelSize[0], kernelSize[1], channels, filters]. A video is a sequence of images: timeDistributed(conv2D(…)). Masks are refused.
 *
 * @param filters channels of the output
 * @param kernelSize height and width of the window; one number for both
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, height, width, channels] and holds a window
 * @example conv2D(16, 3, { padding: "same", strides: 2 })
 */
export function conv2D(filters: number, kernelSize: number | readonly number[], options: Conv2DOptions = {}): Layer {
  checkOptions("Conv2D", options, conv2DOptions);
  const { strides = 1, padding = "valid", dilationRate = 1 } = options;
  return convolution({ type: "Conv2D", rank: 2, filters, kernelSize, strides, padding, dilationRate }, options);
}

/** The options that define the window of a convolution. */
interface ConvolutionForm {
  readonly type: string;
  /** Number of axes along which the window slides. */
  readonly rank: 1 | 2;
  readonly filters: number;
  readonly kernelSize: number | readonly number[];
  readonly strides: number | readonly number[];
  readonly padding: Padding;
  readonly dilationRate: number | readonly number[];
}

function convolution({ type, rank, ...form }: ConvolutionForm, options: ConvolutionOptions): Layer {
  const { filters, padding } = form;
  checkOption(type, "filters", filters, count);
  const size = sidesOf(type, "kernelSize", form.kernelSize, rank);
  const stride = sidesOf(type, "strides", form.strides, rank);
  const dilation = sidesOf(type, "dilationRate", form.dilationRate, rank);
  const sides = size.map((_, i) => ({ size: size[i]!, stride: stride[i]!, dilation: dilation[i]! }));
  const { useBias = true } = options;
  const activation = resolveActivation(options.activation);
  const kernelInitializer = resolveInitializer(options.kernelInitializer ?? "glorotUniform");
  const biasInitializer = resolveInitializer(options.biasInitializer ?? "zeros");
  const rules = weightRules(options, ["kernel", "bias"]);
  const keepsSteps = rank === 1 && padding !== "valid" && stride[0] === 1;

  return defineLayer(type, options, {
    config: {
      ...form,
      activation: activationConfig(activation),
      useBias,
      kernelInitializer: kernelInitializer.config,
      biasInitializer: biasInitializer.config,
      ...rules.config,
    },
    inputCount: 1,
    masking: keepsSteps ? "passes" : "refuses",
    parameters(inputShape) {
      checkWindowFits(this, inputShape, sides, padding);
      const kernel = [...size, knownAxis(this, inputShape, -1, "features"), filters];
      return [
        { name: "kernel", shape: kernel, initializer: kernelInitializer, ...rules.of.kernel },
        ...(useBias ? [{ name: "bias", shape: [filters], initializer: biasInitializer, ...rules.of.bias }] : []),
      ];
    },
    outputShapes(inputShape) {
      const [batch, ...rest] = inputShape;
      checkWindowFits(this, inputShape, sides, padding);
      return [[batch!, ...sides.map((side, i) => windowCount(rest[i]!, side, padding)), filters]];
    },
    call([signal], { parameter }) {
      checkWindowFits(this, batchMajor(signal).shape, sides, padding);
      const { mask } = signal;
      const kernel = parameter("kernel");
      const matrix = reshape(kernel, [sizeOf(kernel.shape.slice(0, -1)), filters]);
      const convolve = (x: Node, axis: number) => {
        const product = matmul(concat(windows(x, axis, sides, padding)), matrix);
        return activation(useBias ? add(product, parameter("bias")) : product);
      };
      if (rank === 2) return [{ node: convolve(batchMajor(signal), 1), timeMajor: false }];
      const x = timeMajor(signal);
      const silent = mask ? where(maskForRank(mask, 3), x, 0) : x;
      return [{ node: convolve(silent, 0), timeMajor: true, mask }];
    },
  });
}
