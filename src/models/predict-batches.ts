/** Predictions for any number of examples, some at a time. */
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { breather } from "../training/index.js";

/** Numbers a model gave. */
export type Prediction = Tensor<Float32Array | Float64Array>;

/**
 * Puts together what a function gives for the rows of each batch.
 *
 * @param predict every output for the rows named, batch-first
 * @returns every output for all rows
 */
export async function predictBatches(
  count: number,
  batchSize: number,
  predict: (rows: Uint32Array) => Promise<readonly { data: Float32Array | Float64Array; shape: Shape }[]>,
): Promise<Prediction[]> {
  const whole: Prediction[] = [];
  const breathe = breather();
  for (let first = 0; first < count; first += batchSize) {
    const rows = Uint32Array.from({ length: Math.min(batchSize, count - first) }, (_, i) => first + i);
    const outputs = await predict(rows);
    outputs.forEach(({ data, shape }, i) => {
      whole[i] ??= {
        data: new (data.constructor as Float32ArrayConstructor)((data.length / rows.length) * count),
        shape: [count, ...shape.slice(1)],
      };
      whole[i].data.set(data, (data.length / rows.length) * first);
    });
    await breathe();
  }
  return whole;
}
