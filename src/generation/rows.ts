/** Rows of a model's outputs, taken in any order and any number of times. */
import type { Prediction } from "../models/index.js";
import type { NumericArray, Tensor } from "../tensor/tensor.js";

/** The given rows, with their masks. */
export function takeRows({ mask, ...values }: Prediction, rows: readonly number[]): Prediction {
  const taken = take(values, rows);
  return mask ? { ...taken, mask: take(mask, rows) } : taken;
}

function take<Data extends NumericArray>({ data, shape }: Tensor<Data>, rows: readonly number[]): Tensor<Data> {
  const width = data.length / shape[0]!;
  const taken = new (data.constructor as new (length: number) => Data)(rows.length * width);
  rows.forEach((row, i) => {
    taken.set(data.subarray(row * width, (row + 1) * width) as never, i * width);
  });
  return { data: taken, shape: [rows.length, ...shape.slice(1)] };
}
