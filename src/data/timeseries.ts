/** Windows over a series: what a forecasting model learns from. Source: Keras's `timeseries_dataset_from_array`. */
import { ConfigError, DataError } from "../errors.js";
import {
  checkOptions,
  count,
  flag,
  formatValue,
  integer,
  type OptionChecks,
  orNull,
  wholeNumber,
} from "../options/index.js";
import { Random } from "../tensor/random.js";
import { sizeOf } from "../tensor/shape.js";
import { type Tensor, type TensorLike, toTensor } from "../tensor/tensor.js";
import { Dataset } from "./dataset.js";
import { END, type Pass, type Pull } from "./pull.js";
import { mixed } from "./source.js";

/** Options of {@link timeseriesDatasetFromArray}. */
export interface TimeseriesOptions {
  /** Rows of a window. */
  readonly sequenceLength: number;
  /** Rows from the beginning of a window to that of the next; default 1. */
  readonly sequenceStride?: number;
  /** Rows from one row of a window to its next: 6 takes every sixth row; default 1. */
  readonly samplingRate?: number;
  /** Windows of a batch; null gives windows one by one. Default 128. */
  readonly batchSize?: number | null;
  /** Whether windows come in another order in each pass; default false. */
  readonly shuffle?: boolean;
  /** Seeds the order, with the seed of the training; default 0. */
  readonly seed?: number;
  /** First row that is used; default 0. */
  readonly startIndex?: number;
  /** First row that is not used any more; default: the number of rows. */
  readonly endIndex?: number;
}

const checks: OptionChecks<TimeseriesOptions> = {
  sequenceLength: count,
  sequenceStride: count,
  samplingRate: count,
  batchSize: orNull(count),
  shuffle: flag,
  seed: integer,
  startIndex: wholeNumber(0),
  endIndex: count,
};

const what = "timeseriesDatasetFromArray";

/**
 * Windows over consecutive rows of a series, and the target of each. The target of a window is that of its **first** row, as in Keras: to
 * foretell the row after a window of n rows, give the targets from row n on.
 *
 * @param data `[rows, …]`. With a sampling rate of 1 windows are views of it: they take no memory
 * @param targets `[rows, …]`, or null for windows alone. Windows end where targets end
 * @returns batches `[x, y]`, or x: x is `[batch, sequenceLength, …]`, y `[batch, …]`
 * @throws ConfigError for options that leave no window
 * @example
 * // Ten days of temperatures → the temperature of the next day.
 * const data = timeseriesDatasetFromArray(days, days.subarray(10), { sequenceLength: 10, batchSize: 32 });
 */
export function timeseriesDatasetFromArray(
  data: TensorLike,
  targets: null | undefined,
  options: TimeseriesOptions,
): Dataset<Tensor>;
export function timeseriesDatasetFromArray(
  data: TensorLike,
  targets: TensorLike,
  options: TimeseriesOptions,
): Dataset<[Tensor, Tensor]>;
export function timeseriesDatasetFromArray(
  data: TensorLike,
  targets: TensorLike | null | undefined,
  options: TimeseriesOptions,
): Dataset<Tensor> | Dataset<[Tensor, Tensor]> {
  const given = checkOptions<TimeseriesOptions>(what, options, checks, ["sequenceLength"]);
  const { batchSize = 128, sequenceLength, sequenceStride = 1, samplingRate = 1 } = given;
  const series = seriesOf(data, "data");
  const answers = targets === null || targets === undefined ? undefined : seriesOf(targets, "targets");
  const { start, size } = windowsOf(series, answers, given);
  const window = (at: number): Tensor => rowsOf(series, start + at * sequenceStride, sequenceLength, samplingRate);
  const target = (at: number): Tensor => {
    const { data: numbers, shape } = rowsOf(answers!, start + at * sequenceStride, 1, 1);
    return { data: numbers, shape: shape.slice(1) };
  };
  const words = `windows of ${sequenceLength} every ${sequenceStride} at rate ${samplingRate} of rows ${start} to ${given.endIndex ?? "the end"}`;
  const shuffled = given.shuffle ? `, shuffled with seed ${given.seed ?? 0}` : "";
  const dataset = new Dataset({
    size,
    describe: () => words + shuffled,
    open: (pass) =>
      windowPull(size, orderOf(size, given, pass), (at) =>
        answers ? ([window(at), target(at)] as const) : window(at),
      ),
  });
  return (batchSize === null ? dataset : dataset.batch(batchSize)) as unknown as Dataset<[Tensor, Tensor]>;
}

function seriesOf(given: TensorLike, name: string): Tensor {
  const series = toTensor(given, `${what}: ${name}`);
  if (series.shape.length === 0 || series.shape[0] === 0) {
    throw new DataError(`${what}: ${name} has no rows; expected [rows, …] with at least one.`);
  }
  return series;
}

/** The first row and the number of windows. */
function windowsOf(series: Tensor, targets: Tensor | undefined, options: TimeseriesOptions) {
  const { sequenceLength, sequenceStride = 1, samplingRate = 1, startIndex: start = 0 } = options;
  const rows = series.shape[0]!;
  const end = options.endIndex ?? rows;
  if (start >= rows || end > rows || end <= start) {
    throw new ConfigError(
      `${what}: startIndex ${start} and endIndex ${end} must rise and lie within the ${rows} rows of data.`,
    );
  }
  const windows = end - start - (sequenceLength - 1) * samplingRate;
  // Targets are counted from the first row that is used, like windows.
  const starts = targets ? Math.min(windows, targets.shape[0]! - start) : windows;
  if (starts >= 1) return { start, size: Math.ceil(starts / sequenceStride) };
  throw new ConfigError(
    windows < 1
      ? `${what}: a window covers ${(sequenceLength - 1) * samplingRate + 1} rows (sequenceLength ${sequenceLength}, samplingRate ${samplingRate}), ` +
          `but there are ${end - start}. Give more rows, or shorter windows.`
      : `${what}: targets has ${formatValue(targets!.shape[0])} rows, none of them from startIndex ${start} on. Targets begin at row 0 of data.`,
  );
}

/** Rows of a series: `[length, …]`, a view where they lie side by side. */
function rowsOf({ data, shape }: Tensor, first: number, length: number, rate: number): Tensor {
  const [, ...rest] = shape;
  const size = sizeOf(rest);
  const part = (row: number, count: number) => data.subarray(row * size, (row + count) * size);
  if (rate === 1) return { data: part(first, length), shape: [length, ...rest] };
  const copy = data.slice(0, length * size);
  for (let i = 0; i < length; i++) copy.set(part(first + i * rate, 1), i * size);
  return { data: copy, shape: [length, ...rest] };
}

/** The order of the windows in a pass; undefined if they come as they lie. */
function orderOf(size: number, { shuffle = false, seed = 0 }: TimeseriesOptions, pass: Pass): Uint32Array | undefined {
  if (!shuffle) return undefined;
  const random = new Random(mixed(mixed(pass.seed, seed), pass.epoch));
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

function windowPull<Item>(size: number, order: Uint32Array | undefined, window: (at: number) => Item): Pull<Item> {
  let at = 0;
  const number = (index: number) => (order ? order[index]! : index);
  return {
    next: () => (at < size ? window(number(at++)) : END),
    skip(passed) {
      at += passed;
    },
    origin: { row: () => number(at - 1), words: (row) => `window ${row}` },
  };
}
