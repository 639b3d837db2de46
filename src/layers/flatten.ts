/** Flatten: one vector per example. */
import { reshape } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { checkOptions } from "../options/index.js";
import { sizeOf } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer } from "./describe-layer.js";
import { batchMajor, type Layer, type LayerOptions } from "./layer.js";
import { layerOptions } from "./option-checks.js";

/**
 * [batch, a, b, …] → [batch, a·b·…]; [batch] → [batch, 1]. It refuses a masked sequence, because its result would contain the padding.
 *
 * @throws ConfigError for a masked sequence
 * @example flatten()
 */
export function flatten(options: LayerOptions = {}): Layer {
  checkOptions("Flatten", options, layerOptions);
  return defineLayer("Flatten", options, {
    config: {},
    inputCount: 1,
    masking: "refuses",
    parameters: () => [],
    outputShapes: ([batch, ...rest]) => [
      [batch!, rest.includes(null) ? null : rest.reduce<number>((product, axis) => product * axis!, 1)],
    ],
    call([signal]) {
      if (signal.mask) {
        throw new ConfigError(
          `${describeLayer(this)} would mix padding into its result. Use globalAveragePooling1D() or a recurrent layer without ` +
            "returnSequences, which leave padding out, or drop the mask: maskZero: false.",
        );
      }
      const node = batchMajor(signal);
      return [{ node: reshape(node, [node.shape[0]!, sizeOf(node.shape.slice(1))]), timeMajor: false }];
    },
  });
}
