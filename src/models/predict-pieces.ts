/** Predictions for data in pieces. */
import { END, type Pull, sourceOf } from "../data/index.js";
import { ConfigError, DataError, ShapeError } from "../errors.js";
import { joinPredictions, type Prediction } from "../execution/predict-batches.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { type Batches, partsOfBatch, placed } from "./batches.js";
import type { DataLike } from "./data-by-port.js";

/**
 * Every output for the inputs of each batch, one below the other; targets in the batches are not read.
 *
 * @param steps number of batches to read; default: all
 * @throws ShapeError if outputs of batches differ in more than their number of rows
 */
export async function predictPieces(
  batches: Batches,
  steps: number | undefined,
  predict: (x: DataLike) => Promise<Prediction[]>,
): Promise<Prediction[]> {
  const dataset = sourceOf<unknown>(batches, "predict");
  if (steps === undefined && dataset.size === Number.POSITIVE_INFINITY) {
    throw new ConfigError("predict: the dataset has no end; give the number of batches, steps, or leave repeat() out.");
  }
  const pull: Pull<unknown> = dataset.open({ seed: 0, epoch: 0 });
  const parts: Prediction[][] = [];
  try {
    while (steps === undefined || parts.length < steps) {
      const batch = await pull.next();
      if (batch === END) break;
      try {
        parts.push(await predict(partsOfBatch(batch, "predict", false)[0]));
      } catch (error) {
        throw placed(error, `batch ${parts.length + 1}`);
      }
      checkEqualRows(parts[0]!, parts.at(-1)!);
    }
  } finally {
    await pull.close?.();
  }
  if (parts.length === 0) throw new DataError("predict: the data gave no batch.");
  return joinPredictions(parts);
}

function checkEqualRows(first: readonly Prediction[], other: readonly Prediction[]): void {
  const at = other.findIndex(({ shape }, i) => !sameShape(shape.slice(1), first[i]!.shape.slice(1)));
  if (at === -1) return;
  throw new ShapeError(
    `predict: the first batch gives rows of ${formatShape(first[at]!.shape.slice(1))}, a later one of ${formatShape(other[at]!.shape.slice(1))}, ` +
      "so they cannot be joined. Predict batch by batch: for await (const [x] of data) await model.predict(x).",
  );
}
