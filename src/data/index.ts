/** Datasets: data in pieces, read one after another, which need not fit in memory. */
export type { Collated, Padding } from "./collate.js";
export {
  type BucketOptions,
  Dataset,
  type DatasetBatchOptions,
  type EpochOptions,
  type PadBatchOptions,
} from "./dataset.js";
export type { Next, Pass, Pull } from "./pull.js";
export { END, isIterable, isOneShot, pullFrom, skipItems } from "./pull.js";
export { serveDataset } from "./serve-dataset.js";
export { type DatasetSource, type ItemsOf, repeated, sourceOf } from "./source.js";
export type { MapContext } from "./stages.js";
export { type TimeseriesOptions, timeseriesDatasetFromArray } from "./timeseries.js";
export { type WorkerDatasetOptions, workerDataset } from "./worker-dataset.js";
export type { AnyWorker } from "./worker-protocol.js";
