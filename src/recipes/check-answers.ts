/** Checks of what is asked and of what answers: weights that are far too large make every output NaN, which would be read as the first class. */
import { DataError } from "../errors.js";
import { kindOf } from "../tensor/kind.js";

/**
 * Checks that a model was opened for its task.
 *
 * @param place how messages call it: "predictTexts: reader"
 * @param opener the function that opens one: "asClassifier"
 * @throws DataError for anything else
 */
export function expectOpened(place: string, opener: string, opened: object, parts: readonly string[]): void {
  const given = opened as unknown;
  if (typeof given === "object" && given !== null && parts.every((part) => part in given)) return;
  throw new DataError(
    `${place} is ${kindOf(given)}; expected a model that ${opener} opened: ${opener}(await loadModel(path), path).`,
  );
}

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
