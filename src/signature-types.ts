/**
 * Types that the signatures of the package use and that programs seldom name: options, what callbacks are given, what is behind a mapped
 * type. They are exported so that anything that can be received can be named, too.
 */
export type { ActivationName } from "./activations/resolve-activation.js";
export type {
  CellDropout,
  CellInitializer,
  CellInputs,
  CellParameter,
  CellParameters,
  CellResult,
  CellSizes,
  CellState,
  CellWeights,
  NodeFor,
} from "./cells/cell.js";
export type { FormatProgramOptions, InstructionTimes } from "./compiler/format-program.js";
export type { Program } from "./compiler/program.js";
export type { CollatedPart, Padding as BatchPadding } from "./data/collate.js";
export type { Row, RowOf } from "./data/rows.js";
export type { OnRun } from "./engines/wasm/timed-runner.js";
export type { WasmOptions } from "./engines/wasm/wasm-engine.js";
export type { StepLosses } from "./execution/loss-equations.js";
export type { TracedLoss } from "./execution/loss-trace.js";
export type { NetworkInput } from "./execution/network.js";
export type { Parameter } from "./execution/network-weights.js";
export type { NextTokens } from "./generation/token-stream.js";
export type { NormalOptions, SeedOption, UniformOptions } from "./initializers/drawn.js";
export type { InitializerOptions } from "./initializers/resolve-initializer.js";
export type { VarianceScalingOptions } from "./initializers/variance-scaling.js";
export type { InspectOptions } from "./inspection/index.js";
export type { ConvolutionOptions } from "./layers/convolution.js";
export type { LayerLike, LayerOptions, RecurrentOptions } from "./layers/index.js";
export type { RandomInitialState } from "./layers/initial-state.js";
export type { KerasRecurrentOptions } from "./layers/keras-recurrent.js";
export type { Config, LayerSources } from "./layers/layer-from-config.js";
export type { Weight } from "./layers/weight-owner.js";
export type { RuledWeight } from "./layers/weight-rules.js";
export type { IgnoreOption } from "./losses/categorical-crossentropy.js";
export type { NormalizeOption } from "./losses/crossentropy.js";
export type { CrossentropyOptions, CTCDecodeOptions, CTCOptions, FocalOptions } from "./losses/index.js";
export type { ThresholdOptions, TopKOptions } from "./metrics/accuracy.js";
export type { ConfusionOptions, ReportRow } from "./metrics/confusion-matrix.js";
export type { AUCOptions, DecisionOptions } from "./metrics/index.js";
export type { LikelihoodOptions } from "./metrics/means-of-losses.js";
export type { MetricResolver } from "./metrics/metric.js";
export type { MetricOptions } from "./metrics/metric-options.js";
export type { Average } from "./metrics/precision-recall.js";
export type { WeightOptions as WeightNodes } from "./metrics/weighted-totals.js";
export type { CompileConfig, MetricConfig, Typed } from "./models/config.js";
export type { NetworkModel } from "./models/network-model.js";
export type { OptimizerOptions } from "./optimizers/define-optimizer.js";
export type {
  AdadeltaOptions,
  AdagradOptions,
  AdamOptions,
  AdamVariantOptions,
  ClipOptions,
  CosineDecayOptions,
  CosineDecayRestartsOptions,
  LionOptions,
  PiecewiseConstantDecayOptions,
  PolynomialDecayOptions,
  RateDecayOptions,
  RMSpropOptions,
  SGDOptions,
} from "./optimizers/index.js";
export type { UpdateContext, UpdateResult } from "./optimizers/optimizer.js";
export type { ScheduleLike } from "./optimizers/resolve-schedule.js";
export type { NoOptions } from "./options/index.js";
export type { MinMaxNormOptions, NormAxes } from "./regularizers/norm-constraints.js";
export type { OrthogonalRegularizerOptions } from "./regularizers/penalties.js";
export type { DType } from "./tensor/dtype.js";
export type { NumericArray, Reducible } from "./tensor/tensor.js";
export type { FitOptions as TrainingOptions } from "./training/fit.js";
export type {
  CheckpointOptions,
  CsvLoggerOptions,
  EarlyStoppingOptions,
  ModelCheckpointOptions,
  MonitorOptions,
  ReduceLROnPlateauOptions,
  RunLogOptions,
  TensorBoardOptions,
} from "./training/index.js";
export type { RunningTotals } from "./training/logs.js";
export type { MetricSums, ReportedNumbers, Snapshot, Trainable } from "./training/trainable.js";
export type { WindowOptions } from "./training/window-batches.js";
