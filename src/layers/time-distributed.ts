/** TimeDistributed: one layer applied to every step. */
import { reshape } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { checkOptions } from "../options/index.js";
import type { PartialShape } from "../tensor/shape.js";
import { layerOf } from "./check-layer.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer } from "./describe-layer.js";
import { batchMajor, type Layer, type LayerLike, type LayerOptions } from "./layer.js";
import { noTimeAxis } from "./no-time-axis.js";
import { layerOptions } from "./option-checks.js";

/**
 * Applies a layer to every step of a sequence, with the same weights: y(t) = layer(x(t)). The layer receives steps as if they were
 * examples, [batch·time, …]; the mask is passed on.
 *
 * @param given the layer or model for one step; its parameters are this layer's
 * @throws ConfigError when the layer has several outputs or makes a mask; ShapeError unless the input is [batch, time, features, …]
 * @example timeDistributed(dense(5, { activation: "softmax" }))
 */
export function timeDistributed(given: LayerLike, options: LayerOptions = {}): Layer {
  const layer = layerOf("TimeDistributed", given);
  checkOptions("TimeDistributed", options, layerOptions);
  const ofStep = ([batch, , ...rest]: PartialShape): PartialShape => [batch!, ...rest];
  const outputOfStep = (inputShape: PartialShape): PartialShape => {
    const shapes = layer.outputShapes(ofStep(inputShape));
    if (shapes.length === 1) return shapes[0];
    throw new ConfigError(
      `TimeDistributed: ${describeLayer(layer)} has ${shapes.length} outputs, expected one; set returnState: false.`,
    );
  };
  return defineLayer("TimeDistributed", options, {
    config: {},
    wrapped: { layer },
    inputCount: 1,
    masking: "passes",
    idLimit: layer.idLimit,
    parameters(inputShape) {
      if (inputShape.length < (layer.idLimit === undefined ? 3 : 2)) {
        throw noTimeAxis(this, inputShape);
      }
      return layer.parameters(ofStep(inputShape)).map((spec) => ({ ...spec, inside: { layer, spec } }));
    },
    outputShapes(inputShape) {
      const [batch, ...rest] = outputOfStep(inputShape);
      return [[batch!, inputShape[1]!, ...rest]];
    },
    call([signal], context) {
      const { node, timeMajor, mask } = signal;
      const [first, second, ...features] = node.shape;
      const steps = { node: reshape(node, [first! * second!, ...features]), timeMajor: false };
      // For the layer inside, every step is a separate sequence.
      const output = layer.call([steps], { ...context, carry: undefined, truncation: undefined })[0];
      if (output.mask) {
        throw new ConfigError(
          `${describeLayer(this)} cannot pass on the mask that ${describeLayer(layer)} makes inside a step; turn it off (maskZero: false).`,
        );
      }
      const result = batchMajor(output);
      return [{ node: reshape(result, [first!, second!, ...result.shape.slice(1)]), timeMajor, mask }];
    },
  });
}
