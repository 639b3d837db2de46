/** Spatial dropout: drops whole features. */
import { mul } from "../equations/index.js";
import { checkOption, checkOptions, share } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { unfitInput } from "./describe-layer.js";
import { dropoutNoise } from "./dropout-noise.js";
import { type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { layerOptions } from "./option-checks.js";

/**
 * While training, drops a feature at every step of a sequence or at no step, and scales the remaining ones by 1/(1 − rate) (Tompson et al.
 * 2015). Neighbouring steps are alike, so dropping single numbers would have little effect.
 *
 * @param rate fraction of the features that is dropped, 0 … 1
 * @throws ConfigError when the rate is outside 0 … 1; ShapeError unless the input is [batch, time, features]
 * @example spatialDropout1D(0.2)
 */
export function spatialDropout1D(rate: number, options: LayerOptions = {}): Layer {
  checkOptions("SpatialDropout1D", options, layerOptions);
  checkOption("SpatialDropout1D", "rate", rate, share);
  return defineLayer("SpatialDropout1D", options, {
    config: { rate },
    inputCount: 1,
    masking: "passes",
    ready: true,
    parameters(inputShape) {
      if (inputShape.length === 3) return [];
      throw unfitInput(this, "[batch, time, features]", inputShape, "Use dropout(rate) for anything but sequences.");
    },
    outputShapes: (inputShape) => [inputShape],
    call([signal], context) {
      if (!context.training || rate === 0) return [signal];
      const x = timeMajor(signal);
      const noise = dropoutNoise([1, x.shape[1]!, x.shape[2]!], rate, context);
      return [{ node: mul(x, noise), timeMajor: true, mask: signal.mask }];
    },
  });
}
