/** Masking: finds padding in sequences of vectors. */
import { max, notEqual, where } from "../equations/index.js";
import { checkOptions, finite, type OptionChecks } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { unfitInput } from "./describe-layer.js";
import { type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { bothMasks, maskForRank } from "./mask.js";
import { layerOptions } from "./option-checks.js";

/** Options of `masking`. */
export interface MaskingOptions extends LayerOptions {
  /** Default 0. */
  readonly maskValue?: number;
}

const maskingOptions: OptionChecks<MaskingOptions> = { ...layerOptions, maskValue: finite };

/**
 * A step whose every feature equals `maskValue` is padding: later layers skip it, and its features become 0.
 *
 * @throws ConfigError when maskValue is not a number; ShapeError unless the input is [batch, time, features]
 * @example masking({ maskValue: -1, inputShape: [null, 3] })
 */
export function masking(options: MaskingOptions = {}): Layer {
  checkOptions("Masking", options, maskingOptions);
  const { maskValue = 0 } = options;
  return defineLayer("Masking", options, {
    config: { maskValue },
    inputCount: 1,
    masking: "makes",
    ready: true,
    parameters(inputShape) {
      if (inputShape.length !== 3) {
        throw unfitInput(
          this,
          "[batch, time, features]",
          inputShape,
          "Ids are masked by maskZero: true on the embedding layer.",
        );
      }
      return [];
    },
    outputShapes: (inputShape) => [inputShape],
    call([signal]) {
      const x = timeMajor(signal);
      const mask = bothMasks(signal.mask, max(notEqual(x, maskValue), [-1]));
      return [{ node: where(maskForRank(mask, 3), x, 0), timeMajor: true, mask }];
    },
  });
}
