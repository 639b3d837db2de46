/** Hinge losses: answers on the right side of the margin cost nothing. */
import { add, equal, max, maximum, mean, mul, type Node, square, sub, sum, where } from "../equations/index.js";
import type { NoOptions } from "../options/index.js";
import { plainLoss } from "./comparing-loss.js";
import type { Loss } from "./loss.js";

const labels: Pick<Loss, "range"> = { range: [-1, 1] };

/** L = mean of max(1 − y·ŷ, 0) over the last axis. Targets are −1 and 1; 0 counts as −1. @example hinge() */
export const hinge = (options: NoOptions = {}): Loss =>
  plainLoss("hinge", options, (y, prediction) => mean(margin(y, prediction), [-1]), labels);

/** L = mean of max(1 − y·ŷ, 0)² over the last axis. Targets are −1 and 1; 0 counts as −1. @example squaredHinge() */
export const squaredHinge = (options: NoOptions = {}): Loss =>
  plainLoss("squaredHinge", options, (y, prediction) => mean(square(margin(y, prediction)), [-1]), labels);

/**
 * L = max(0, the greatest ŷ of a wrong class − ŷ of the right class + 1). Targets are one-hot.
 *
 * @example categoricalHinge()
 */
export const categoricalHinge = (options: NoOptions = {}): Loss =>
  plainLoss("categoricalHinge", options, (y, prediction) => {
    const right = sum(mul(y, prediction), [-1]);
    const wrong = max(mul(sub(1, y), prediction), [-1]);
    return maximum(add(sub(wrong, right), 1), 0);
  });

/** Keras converts 0 to −1 only if all targets of a batch are 0 or 1; here each target is converted separately. */
function margin(y: Node, prediction: Node): Node {
  return maximum(sub(1, mul(where(equal(y, 0), -1, y), prediction)), 0);
}
