/** Class numbers → one-hot rows, with the results and the errors of Keras's `to_categorical`. */

import { ConfigError, DataError } from "../errors.js";
import { counted, formatValue } from "../options/index.js";
import { formatShape } from "../tensor/shape.js";
import { type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";

const LARGEST_TENSOR = 2 ** 28;
/**
 * One-hot rows: `y[..., c] = 1` where `c` is the class number, else 0. Fractions are dropped, a last axis of size 1 is
 * dropped, and a negative number counts from the last class, as in Keras.
 *
 * @param x class numbers of any shape
 * @param numClasses width of a row; by default the largest number + 1
 * @returns `[...x.shape, numClasses]`, Float32Array
 * @throws DataError for a number outside the classes, ConfigError for a `numClasses` that is not a positive integer
 * @see https://keras.io/api/utils/python_utils/#tocategorical-function
 * @example toCategorical([0, 2]).data // [1, 0, 0, 0, 0, 1]
 */
export function toCategorical(x: TensorLike, numClasses?: number): Tensor<Float32Array> {
  const { data, shape } = toTensor(x, "toCategorical: x", "labels");
  const labels = Array.from(data, (value, i) => {
    if (Number.isFinite(value)) return Math.trunc(value);
    throw new DataError(`toCategorical: element ${i} is ${value}; class numbers must be finite.`);
  });
  if (labels.length === 0 && numClasses === undefined) {
    throw new ConfigError("toCategorical: an empty x has no largest class; give numClasses.");
  }
  const classes = numClasses ?? labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new ConfigError(
      `toCategorical: numClasses must be a positive integer, ${numClasses === undefined ? "but no label is ≥ 0; give it" : `received ${formatValue(numClasses)}`}.`,
    );
  }
  if (labels.length * classes > LARGEST_TENSOR) {
    throw new ConfigError(
      `toCategorical: ${counted(labels.length, "row")} of ${counted(classes, "class", "classes")} cannot be held. Check the labels; with so ` +
        "many classes, use the class numbers themselves with a sparse loss.",
    );
  }
  const result = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    const column = label < 0 ? label + classes : label;
    if (column < 0 || column >= classes) {
      throw new DataError(
        `toCategorical: element ${i} is ${label}, but with ${counted(classes, "class", "classes")} labels run from 0 to ${classes - 1}. ` +
          `x has shape ${formatShape(shape)}; check the labels or raise numClasses.`,
      );
    }
    result[i * classes + column] = 1;
  });
  const outer = shape.length > 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
  return { data: result, shape: [...outer, classes] };
}
