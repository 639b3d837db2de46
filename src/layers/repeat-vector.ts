/** RepeatVector: one vector at every step. */
import { broadcastTo } from "../equations/index.js";
import { checkOption, checkOptions, count } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import type { Layer, LayerOptions } from "./layer.js";
import { notAVector } from "./no-time-axis.js";
import { layerOptions } from "./option-checks.js";

/**
 * The same vector n times: [batch, features] → [batch, n, features]. Between an encoder's last output and a decoder it gives every step of
 * the decoder the encoded vector.
 *
 * @param n steps of the output
 * @throws ConfigError when n is not a positive integer; ShapeError unless the input is [batch, features]
 * @example repeatVector(10)
 */
export function repeatVector(n: number, options: LayerOptions = {}): Layer {
  checkOptions("RepeatVector", options, layerOptions);
  checkOption("RepeatVector", "n", n, count);
  return defineLayer("RepeatVector", options, {
    config: { n },
    inputCount: 1,
    masking: "consumes",
    parameters(inputShape) {
      if (inputShape.length === 2) return [];
      throw notAVector(this, inputShape);
    },
    outputShapes: ([batch, features]) => [[batch!, n, features!]],
    call: ([signal]) => [{ node: broadcastTo(signal.node, [n, ...signal.node.shape]), timeMajor: true }],
  });
}
