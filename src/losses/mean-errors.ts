/** The losses of predicting numbers. */
import { abs, mean, type Node, square, sub } from "../equations/index.js";
import { alignTargets } from "./align-targets.js";
import type { Loss } from "./loss.js";

/** L = mean of (y − ŷ)² over the last axis. @example meanSquaredError() */
export const meanSquaredError = (): Loss => meanError("meanSquaredError", square);

/** L = mean of |y − ŷ| over the last axis. @example meanAbsoluteError() */
export const meanAbsoluteError = (): Loss => meanError("meanAbsoluteError", abs);

function meanError(name: string, of: (difference: Node) => Node): Loss {
  return {
    name,
    config: { type: name },
    targets: "float",
    targetShape: (shape) => shape,
    perSample: (yTrue, yPred) => mean(of(sub(yPred, alignTargets(name, yTrue, yPred.shape))), [-1]),
  };
}
