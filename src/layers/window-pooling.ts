/** Pooling over windows: the maximum or the mean of each. Masks are refused, because windows would mix padding with data. */
import { add, div, maximum, mul, type Node, ones } from "../equations/index.js";
import { anything, checkOptions, type OptionChecks, oneOf } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { batchMajor, type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { LOWEST } from "./mask.js";
import { layerOptions } from "./option-checks.js";
import { checkWindowFits, sidesOf, type WindowSide, windowCount, windows } from "./windows.js";

/** Options of pooling over windows. For images one number stands for both axes. */
export interface PoolingOptions extends LayerOptions {
  /** Size of the window. Default 2. */
  readonly poolSize?: number | readonly number[];
  /** Distance from one window to the next; default: the size of the window. */
  readonly strides?: number | readonly number[];
  /** "same": windows may reach beyond the ends, which do not count. Default "valid". */
  readonly padding?: "valid" | "same";
}

const poolingOptions: OptionChecks<PoolingOptions> = {
  ...layerOptions,
  poolSize: anything,
  strides: anything,
  padding: oneOf("valid", "same"),
};

type Pool = (x: Node, axis: number, sides: readonly WindowSide[], padding: "valid" | "same") => Node;

const highest: Pool = (x, axis, sides, padding) =>
  windows(x, axis, sides, padding, LOWEST).reduce((a, b) => maximum(a, b));

const average: Pool = (x, axis, sides, padding) => {
  const positions = windows(x, axis, sides, padding);
  if (padding === "valid") return mul(add(...positions), 1 / positions.length);
  const lengths = x.shape.map((size, i) => (i >= axis && i < axis + sides.length ? size : 1));
  return div(add(...positions), add(...windows(ones(lengths), axis, sides, padding)));
};

/**
 * The maximum of each window, feature by feature: [batch, time, features] → [batch, windows, features].
 *
 * @throws ConfigError when an option is not valid or the sequence is masked; ShapeError unless the input is [batch, time, features]
 * @example maxPooling1D({ poolSize: 2 })
 */
export const maxPooling1D = (options: PoolingOptions = {}): Layer => pooling("MaxPooling1D", 1, options, highest);

/**
 * The mean of each window, feature by feature: [batch, time, features] → [batch, windows, features]. Positions beyond the ends do not
 * count.
 *
 * @throws ConfigError when an option is not valid or the sequence is masked; ShapeError unless the input is [batch, time, features]
 * @example averagePooling1D({ poolSize: 4, strides: 2 })
 */
export const averagePooling1D = (options: PoolingOptions = {}): Layer =>
  pooling("AveragePooling1D", 1, options, average);

/**
 * The maximum of each window, channel by channel: [batch, height, width, channels] → [batch, rows, columns, channels].
 *
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, height, width, channels]
 * @example maxPooling2D({ poolSize: [2, 3], padding: "same" })
 */
export const maxPooling2D = (options: PoolingOptions = {}): Layer => pooling("MaxPooling2D", 2, options, highest);

/**
 * The mean of each window, channel by channel: [batch, height, width, channels] → [batch, rows, columns, channels]. Positions beyond the
 * edges do not count.
 *
 * @throws ConfigError when an option is not valid; ShapeError unless the input is [batch, height, width, channels]
 * @example averagePooling2D()
 */
export const averagePooling2D = (options: PoolingOptions = {}): Layer =>
  pooling("AveragePooling2D", 2, options, average);

function pooling(type: string, rank: 1 | 2, options: PoolingOptions, pool: Pool): Layer {
  checkOptions(type, options, poolingOptions);
  const { poolSize = 2, strides = poolSize, padding = "valid" } = options;
  const size = sidesOf(type, "poolSize", poolSize, rank);
  const stride = sidesOf(type, "strides", strides, rank);
  const sides = size.map((_, i): WindowSide => ({ size: size[i]!, stride: stride[i]!, dilation: 1 }));
  return defineLayer(type, options, {
    config: { poolSize, strides, padding },
    inputCount: 1,
    masking: "refuses",
    parameters(inputShape) {
      checkWindowFits(this, inputShape, sides, padding);
      return [];
    },
    outputShapes(inputShape) {
      const [batch, ...rest] = inputShape;
      checkWindowFits(this, inputShape, sides, padding);
      return [[batch!, ...sides.map((side, i) => windowCount(rest[i]!, side, padding)), rest.at(-1)!]];
    },
    call([signal]) {
      checkWindowFits(this, batchMajor(signal).shape, sides, padding);
      return rank === 1
        ? [{ node: pool(timeMajor(signal), 0, sides, padding), timeMajor: true }]
        : [{ node: pool(batchMajor(signal), 1, sides, padding), timeMajor: false }];
    },
  });
}
