/** One-hot encoding: every id as a vector with a single 1. */
import { oneHot as oneHotOf } from "../equations/index.js";
import { checkOption, checkOptions, count } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { layerOptions } from "./option-checks.js";

/**
 * y[…, j] = 1 where j is the id, else 0. Used for characters in front of a recurrent layer. A product that follows is compiled to a
 * selection of rows of its weights, so the zeros cost neither memory nor time.
 *
 * Ids are [batch] or [batch, time, …]. A mask is passed on.
 *
 * @param classes number of ids, and length of each vector
 * @throws ConfigError when the number is not a positive integer
 * @example sequential([oneHot(65), simpleRNN(128, { returnSequences: true }), dense(65, { activation: "softmax" })])
 */
export function oneHot(classes: number, options: LayerOptions = {}): Layer {
  checkOptions("OneHot", options, layerOptions);
  checkOption("OneHot", "classes", classes, count);
  return defineLayer("OneHot", options, {
    config: { classes },
    inputCount: 1,
    masking: "passes",
    idLimit: classes,
    parameters: () => [],
    outputShapes: (inputShape) => [[...inputShape, classes]],
    call([signal]) {
      if (signal.node.shape.length === 1) return [{ node: oneHotOf(signal.node, classes), timeMajor: false }];
      return [{ node: oneHotOf(timeMajor(signal), classes), timeMajor: true, mask: signal.mask }];
    },
  });
}
