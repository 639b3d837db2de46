/** Dropout: noise against overfitting. */
import { mul } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import {
  checkOption,
  checkOptions,
  count,
  counted,
  listOf,
  type OptionChecks,
  orNull,
  share,
} from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer } from "./describe-layer.js";
import { dropoutNoise } from "./dropout-noise.js";
import type { Layer, LayerOptions } from "./layer.js";
import { layerOptions } from "./option-checks.js";

/** Options of `dropout`. */
export interface DropoutOptions extends LayerOptions {
  /** Shape of the noise, batch first: 1 for an axis that shares its noise, null for the input's size. `[null, 1, null]` drops whole features. */
  readonly noiseShape?: readonly (number | null)[];
}

const dropoutOptions: OptionChecks<DropoutOptions> = {
  ...layerOptions,
  noiseShape: listOf("positive integers and nulls", orNull(count)),
};

/**
 * While training, y = x ⊙ n/(1 − rate), where n is 0 with probability `rate`, else 1; otherwise y = x (Srivastava et al. 2014).
 *
 * @param rate fraction of the numbers that is dropped, 0 … 1
 * @throws ConfigError when the rate is outside 0 … 1
 * @example dropout(0.5)
 */
export function dropout(rate: number, options: DropoutOptions = {}): Layer {
  checkOptions("Dropout", options, dropoutOptions);
  checkOption("Dropout", "rate", rate, share);
  const { noiseShape } = options;
  return defineLayer("Dropout", options, {
    config: { rate, noiseShape },
    inputCount: 1,
    masking: "passes",
    ready: true,
    parameters: () => [],
    outputShapes: (inputShape) => [inputShape],
    call([signal], context) {
      const { node, timeMajor } = signal;
      if (!context.training || rate === 0) return [signal];
      if (!noiseShape) return [{ ...signal, node: mul(node, dropoutNoise(node.shape, rate, context)) }];
      if (noiseShape.length !== node.shape.length) {
        throw new ConfigError(
          `${describeLayer(this)}: noiseShape [${noiseShape}] has ${counted(noiseShape.length, "axis", "axes")}, its input has ${node.shape.length}.`,
        );
      }
      const [first, second, ...rest] = noiseShape;
      const shape = (timeMajor ? [second!, first!, ...rest] : noiseShape).map((axis, i) => axis ?? node.shape[i]!);
      return [{ ...signal, node: mul(node, dropoutNoise(shape, rate, context)) }];
    },
  });
}
