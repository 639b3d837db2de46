/** Confusion matrices, and reports of precision and recall by class. */
import { ConfigError, DataError, ShapeError } from "../errors.js";
import { checkOptions, counted, integer, type OptionChecks, orNull, wholeNumber } from "../options/index.js";
import { notData } from "../tensor/kind.js";
import { readNested } from "../tensor/read-nested.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";

/** Options of `confusionMatrix`. */
export interface ConfusionOptions {
  /** Number of classes. Default: the number of scores, or one more than the greatest class that occurs. */
  readonly classes?: number;
  /** Entries whose true class is this number are left out: padding, often −1 or 0. Default: none. */
  readonly ignoreClass?: number;
}

/** A matrix of more classes would not fit into memory. */
const MOST_CLASSES = 10_000;

const confusionOptions: OptionChecks<ConfusionOptions> = {
  classes: wholeNumber(1, MOST_CLASSES),
  ignoreClass: orNull(integer),
};

/**
 * The confusion matrix: row i, column j counts how often class j was predicted for class i.
 *
 * @param yTrue class numbers of any shape
 * @param yPred class numbers of the same shape, or scores [..., classes], of which the greatest counts
 * @throws ShapeError if the shapes do not fit together; DataError for a number that is not a class
 * @example confusionMatrix(y, await model.predict(x))
 */
export function confusionMatrix(yTrue: TensorLike, yPred: TensorLike, options: ConfusionOptions = {}): number[][] {
  checkOptions("confusionMatrix", options, confusionOptions);
  const truth = toTensor(yTrue, "confusionMatrix: yTrue", "labels");
  const given = toTensor(yPred, "confusionMatrix: yPred", "labels");
  const chosen = sameShape(truth.shape, given.shape) ? given.data : greatest(truth, given);
  const kept = [...truth.data.keys()].filter((i) => truth.data[i] !== options.ignoreClass);
  for (const i of kept) {
    checkClass(i, truth.data[i]!, chosen[i]!, options.classes);
  }
  const highest = kept.reduce((most, i) => Math.max(most, truth.data[i]!, chosen[i]!), 0);
  const classes = options.classes ?? (chosen === given.data ? highest + 1 : given.shape.at(-1)!);
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const i of kept) {
    const [row, column] = [truth.data[i]!, chosen[i]!];
    if (matrix[row]?.[column] === undefined) throw noClass(i, row, column, classes);
    matrix[row][column]++;
  }
  return matrix;
}

/** Classes must be whole numbers, and few enough for a matrix if their number is not given. */
function checkClass(entry: number, row: number, column: number, classes: number | undefined): void {
  const isClass = (value: number) => Number.isInteger(value) && value >= 0 && value < (classes ?? MOST_CLASSES);
  if (!isClass(row) || !isClass(column)) throw noClass(entry, row, column, classes);
}

function noClass(entry: number, row: number, column: number, classes: number | undefined): DataError {
  return new DataError(
    `confusionMatrix: entry ${entry} has the true class ${row} and the predicted class ${column}; expected whole numbers ` +
      `from 0 to ${(classes ?? MOST_CLASSES) - 1}. Give ignoreClass for entries that are padding.`,
  );
}

function greatest(truth: Tensor, { data, shape }: Tensor): Int32Array {
  const classes = shape.at(-1) ?? 1;
  if (classes < 2 || !sameShape(truth.shape, shape.slice(0, -1))) {
    throw new ShapeError(
      `confusionMatrix: for true classes ${formatShape(truth.shape)} give predicted ones of the same shape, or scores with an axis of ` +
        `at least two classes more; received ${formatShape(shape)}.`,
    );
  }
  return Int32Array.from(truth.data, (_, i) => {
    let best = 0;
    for (let j = 1; j < classes; j++) if (data[i * classes + j]! > data[i * classes + best]!) best = j;
    return best;
  });
}

function checkMatrix(matrix: unknown): void {
  const name = "classificationReport: matrix";
  if (!Array.isArray(matrix)) throw notData(name, matrix, "rows of counts, as confusionMatrix gives them");
  const { shape, data } = readNested(matrix, name);
  const fits = shape.length === 2 && shape[0] === shape[1];
  if (matrix.length === 0 || (fits && data.every((value) => value >= 0))) return;
  throw new ShapeError(
    `${name} must be square, with counts that are not negative, as confusionMatrix gives it; received ${formatShape(shape)}.`,
  );
}

function checkNames(names: readonly string[], classes: number): readonly string[] {
  if (!Array.isArray(names)) throw notData("classificationReport: names", names, "a list of texts");
  const wrong = names.findIndex((name) => typeof name !== "string");
  if (wrong !== -1) throw notData(`classificationReport: names[${wrong}]`, names[wrong], "a text");
  if (names.length === classes) return names;
  throw new ConfigError(
    `classificationReport: ${counted(classes, "class", "classes")} need as many names, received ${names.length}.`,
  );
}

/** A class, or a mean over classes, in a report. */
export interface ReportRow {
  readonly name: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Number of samples of the class. */
  readonly support: number;
}

/** The result of `classificationReport`. */
export interface ClassificationReport {
  readonly classes: readonly ReportRow[];
  /** The unweighted mean over classes. */
  readonly macro: ReportRow;
  /** The mean over classes, weighted by how often each occurs. */
  readonly weighted: ReportRow;
  /** The fraction of right answers. */
  readonly accuracy: number;
}

/**
 * Precision, recall and F1 of every class, their means, and the accuracy.
 *
 * @param matrix the result of `confusionMatrix`
 * @param names of the classes; default their numbers
 * @throws ConfigError if names and classes differ in number
 * @example classificationReport(confusionMatrix(y, predicted), ["O", "B-PER", "I-PER"])
 */
export function classificationReport(
  matrix: readonly (readonly number[])[],
  names?: readonly string[],
): ClassificationReport {
  checkMatrix(matrix);
  const named = checkNames(names ?? matrix.map((_, i) => String(i)), matrix.length);
  const total = (numbers: readonly number[]) => numbers.reduce((sum, count) => sum + count, 0);
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const classes = matrix.map((row, i): ReportRow => {
    const [hits, support, chosen] = [row[i]!, total(row), total(matrix.map((other) => other[i]!))];
    const [precision, recall, f1] = [ratio(hits, chosen), ratio(hits, support), ratio(2 * hits, chosen + support)];
    return { name: named[i]!, precision, recall, f1, support };
  });
  const support = total(classes.map((row) => row.support));
  const meanRow = (name: string, weightOf: (row: ReportRow) => number): ReportRow => {
    const mean = (of: (row: ReportRow) => number) =>
      ratio(total(classes.map((row) => weightOf(row) * of(row))), total(classes.map(weightOf)));
    return { name, precision: mean((r) => r.precision), recall: mean((r) => r.recall), f1: mean((r) => r.f1), support };
  };
  return {
    classes,
    macro: meanRow("macro", () => 1),
    weighted: meanRow("weighted", (row) => row.support),
    accuracy: ratio(total(matrix.map((row, i) => row[i]!)), support),
  };
}
