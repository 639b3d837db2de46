/**
 * Global pooling: over all steps of a sequence, or all positions of an image. Over time, only valid steps count, and a sequence without any
 * valid step gives 0, so no result depends on padding.
 * (Keras averages such a sequence to NaN, and its maximum takes padding for data.)
 */
import { div, max, maximum, mean, type Node, sum, where, zeros } from "../equations/index.js";
import { checkOptions } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { unfitInput } from "./describe-layer.js";
import { batchMajor, type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { LOWEST, maskForRank } from "./mask.js";
import { noTimeAxis } from "./no-time-axis.js";
import { layerOptions } from "./option-checks.js";

/**
 * The mean over the valid steps: [batch, time, features] → [batch, features].
 *
 * @throws ShapeError unless the input is [batch, time, features]
 * @example globalAveragePooling1D()
 */
export const globalAveragePooling1D = (options: LayerOptions = {}): Layer =>
  globalPooling("GlobalAveragePooling1D", options, (x, valid) =>
    valid ? div(sum(where(valid, x, 0), [0]), maximum(sum(valid, [0]), 1)) : mean(x, [0]),
  );

/**
 * The greatest value of each feature among the valid steps: [batch, time, features] → [batch, features].
 *
 * @throws ShapeError unless the input is [batch, time, features]
 * @example globalMaxPooling1D()
 */
export const globalMaxPooling1D = (options: LayerOptions = {}): Layer =>
  globalPooling("GlobalMaxPooling1D", options, (x, valid) =>
    valid ? where(max(valid, [0]), max(where(valid, x, LOWEST), [0]), 0) : max(x, [0]),
  );

/**
 * The mean over an image: [batch, height, width, channels] → [batch, channels].
 *
 * @throws ShapeError unless the input is [batch, height, width, channels]
 * @example globalAveragePooling2D()
 */
export const globalAveragePooling2D = (options: LayerOptions = {}): Layer =>
  imagePooling("GlobalAveragePooling2D", options, (x) => mean(x, [1, 2]));

/**
 * The greatest value of each channel of an image: [batch, height, width, channels] → [batch, channels].
 *
 * @throws ShapeError unless the input is [batch, height, width, channels]
 * @example globalMaxPooling2D()
 */
export const globalMaxPooling2D = (options: LayerOptions = {}): Layer =>
  imagePooling("GlobalMaxPooling2D", options, (x) => max(x, [1, 2]));

function imagePooling(type: string, options: LayerOptions, pool: (x: Node) => Node): Layer {
  checkOptions(type, options, layerOptions);
  return defineLayer(type, options, {
    config: {},
    inputCount: 1,
    masking: "refuses",
    parameters(inputShape) {
      if (inputShape.length === 4) return [];
      throw unfitInput(
        this,
        "[batch, height, width, channels]",
        inputShape,
        "Wrap it in timeDistributed for a video, or use the 1D layer for a sequence.",
      );
    },
    outputShapes: ([batch, , , channels]) => [[batch!, channels!]],
    call: ([signal]) => [{ node: pool(batchMajor(signal)), timeMajor: false }],
  });
}

/** @param pool from x [T, B, F] and the mask [T, B, 1] to [B, F] */
function globalPooling(type: string, options: LayerOptions, pool: (x: Node, valid?: Node) => Node): Layer {
  checkOptions(type, options, layerOptions);
  return defineLayer(type, options, {
    config: {},
    inputCount: 1,
    masking: "consumes",
    parameters(inputShape) {
      if (inputShape.length !== 3) throw noTimeAxis(this, inputShape);
      return [];
    },
    outputShapes: ([batch, , features]) => [[batch!, features!]],
    call: ([signal]) => {
      const mask = signal.mask && maskForRank(signal.mask, 3);
      const x = timeMajor(signal);
      return [{ node: x.shape[0] === 0 ? zeros(x.shape.slice(1)) : pool(x, mask), timeMajor: false }];
    },
  });
}
