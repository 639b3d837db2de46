/** The loss of a conditional random field. */
import { ShapeError } from "../errors.js";
import { checkOptions, type NoOptions } from "../options/index.js";
import { chainLoss } from "../structured/index.js";
import { formatShape } from "../tensor/shape.js";
import type { Loss } from "./loss.js";

/**
 * L = −ln P(tags) = ln Σ over all paths of e^score − the score of the right path, one number per sequence (Lafferty, McCallum & Pereira
 * 2001). The prediction is the output of the layer `crf`, [batch, time, tags, tags], which contains all weights that the loss needs; targets
 * are tag numbers [batch, time]. Masked steps do not count, wherever they are.
 *
 * @example sequential([embedding(5000, 32, { maskZero: true }), bidirectional(lstm(32, { returnSequences: true })), crf(9)])
 *   .compile({ optimizer: "adam", loss: crfLoss(), metrics: ["accuracy"] })
 */
export function crfLoss(options: NoOptions = {}): Loss {
  const name = "crfLoss";
  checkOptions(name, options, {});
  return {
    name,
    config: { type: name },
    targets: "int",
    reads: "CRF",
    targetShape: (shape) => shape.slice(0, -2),
    sequences: true,
    perSample(yTrue, yPred, mask) {
      const [T, B, tags, columns] = yPred.shape;
      const [steps, rows] = yTrue.shape;
      const fits =
        yPred.shape.length === 4 && tags === columns && yTrue.shape.length === 2 && steps === T && rows === B;
      if (fits) return chainLoss(yPred, yTrue, mask);
      throw new ShapeError(
        `${name}: expected the output of a crf layer [time, batch, tags, tags] and tag numbers [time, batch], ` +
          `received ${formatShape(yPred.shape)} and ${formatShape(yTrue.shape)}.`,
      );
    },
  };
}
