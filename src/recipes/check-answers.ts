/** Whether a model answers at all: weights that are far too large make every output NaN, which would be read as the first class. */
import { DataError } from "../errors.js";

/**
 * @param what was asked, or the source of the data, for messages
 * @throws DataError naming the first number that is not finite
 */
export function checkAnswers(outputs: ArrayLike<number>, what: string): void {
  for (let i = 0; i < outputs.length; i++) {
    if (Number.isFinite(outputs[i])) continue;
    throw new DataError(
      `${what}: the model's answer is ${outputs[i]}, no number. Its weights are too large to compute with; train it again with a smaller ` +
        "learning rate, or go back to an earlier checkpoint.",
    );
  }
}
