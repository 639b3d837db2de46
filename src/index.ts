/**
 * Tavali: recurrent neural networks. This page is the public API as a table of contents; `tavali/text`, `tavali/datasets`,
 * `tavali/equations`, `tavali/formats` and `tavali/recipes` are its other doors.
 */

// Models

export {
  type Batches,
  type BatchLike,
  type BatchOptions,
  type ClassWeight,
  type CompileOptions,
  type CustomObjects,
  cloneModel,
  type DataLike,
  type EvaluateOptions,
  type FitOptions,
  Functional,
  type FunctionalConfig,
  functional,
  functionalFromConfig,
  type LossTrace,
  type MaskedTensor,
  type MetricsLike,
  Model,
  type ModelConfig,
  type ModelEndpoints,
  type ModelOptions,
  type ModelState,
  type ModelStream,
  model,
  modelFromConfig,
  type OptimizerState,
  type PerOutput,
  type Prediction,
  type PredictOptions,
  type RunResult,
  Sequential,
  type SequentialConfig,
  type StateTensor,
  type SummaryOptions,
  type SymbolicTensors,
  sequential,
  sequentialFromConfig,
  type ValueConfig,
  type WeightOptions,
} from "./models/index.js";

// Layers; what makes them is listed in layers/public.ts

export {
  type AppliedTensor,
  batchMajor,
  type CallContext,
  type CustomLayers,
  defineLayer,
  type InitialState,
  type Layer,
  type LayerCall,
  type LayerConfig,
  type LayerForm,
  layerFromConfig,
  type Padding,
  type ParameterSpec,
  type Signal,
  type Signals,
  type SymbolicTensor,
  timeMajor,
} from "./layers/index.js";
export * from "./layers/public.js";
export * as layers from "./layers/public.js";

// Losses and metrics

export {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  type ClassBalancing,
  type CTCDecoding,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  categoricalHinge,
  cosineSimilarity,
  crfLoss,
  ctc,
  ctcDecode,
  defineLoss,
  hinge,
  huber,
  kullbackLeiblerDivergence,
  type Loss,
  type LossDefinition,
  type LossLike,
  logCosh,
  losses,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
  sparseCategoricalCrossentropy,
  squaredHinge,
} from "./losses/index.js";
export {
  accuracy,
  auc,
  type Better,
  binaryAccuracy,
  bitsPerCharacter,
  type ClassificationReport,
  categoricalAccuracy,
  classificationReport,
  confusionMatrix,
  crfAccuracy,
  defineMetric,
  f1Score,
  type Metric,
  type MetricDefinition,
  type MetricLike,
  metrics,
  perplexity,
  precision,
  recall,
  rootMeanSquaredError,
  type SummedMetric,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} from "./metrics/index.js";

// Optimizers, and schedules of their learning rates

export {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  lion,
  nadam,
  type Optimizer,
  type OptimizerLike,
  optimizers,
  piecewiseConstantDecay,
  polynomialDecay,
  rmsprop,
  type Schedule,
  schedules,
  sgd,
} from "./optimizers/index.js";

// Data in pieces

export {
  type AnyWorker,
  type BucketOptions,
  type Collated,
  Dataset,
  type DatasetBatchOptions,
  type EpochOptions,
  type MapContext,
  type PadBatchOptions,
  type Pass,
  serveDataset,
  type TimeseriesOptions,
  timeseriesDatasetFromArray,
  type WorkerDatasetOptions,
  workerDataset,
} from "./data/index.js";

// Training: callbacks, checkpoints, histories

export {
  type Callback,
  type CallbackState,
  csvLogger,
  type EpochEndResult,
  earlyStopping,
  type Fingerprint,
  type History,
  type KnownNumbers,
  type LogSink,
  type Logs,
  learningRateScheduler,
  type MemorySink,
  memorySink,
  modelCheckpoint,
  type ProgressSink,
  reduceLROnPlateau,
  runLog,
  type StateValue,
  type TrainingControl,
  type TrainingState,
  tensorBoard,
} from "./training/index.js";

// First values of weights, activations, regularizers and constraints

export { type Activation, type ActivationLike, activations } from "./activations/index.js";
export { type Initializer, type InitializerLike, initializers } from "./initializers/index.js";
export {
  type Constraint,
  type ConstraintLike,
  constraints,
  l1,
  l1l2,
  l2,
  maxNorm,
  minMaxNorm,
  nonNeg,
  orthogonalRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizers,
  unitNorm,
} from "./regularizers/index.js";

// Generation of sequences

export {
  type Continuation,
  type ContinueOptions,
  continueTokens,
  type Decoded,
  type DecodeOptions,
  Decoder,
  type DecoderOptions,
  decoder,
  type SampleOptions,
} from "./generation/index.js";

// Gradients through time

export {
  type Diagnosis,
  type Inspection,
  inspect,
  inspectionPage,
  type KernelInspection,
  type LayerInspection,
  type PagePart,
  type ResponsiveUnit,
  responsiveUnits,
  type StateInspection,
  spectralRadius,
  type TruncationInspection,
  type WeightInspection,
} from "./inspection/index.js";

// Cells, and their equations as text

export {
  type AnyCell,
  type Cell,
  type CellDefinition,
  defineCell,
} from "./cells/index.js";
export * from "./cells/public.js";
export {
  type Equation,
  type ExplainableCell,
  type ExplainOptions,
  type Explanation,
  explain,
  explainEquations,
} from "./equations/index.js";

// Data: tensors and padded sequences

export { Random } from "./tensor/random.js";
export type { PartialShape, Shape } from "./tensor/shape.js";
export {
  type ConvertedArray,
  type FloatArray,
  isTensor,
  type NestedArray,
  type NestedData,
  type NumericArray,
  type Tensor,
  type TensorLike,
  tensor,
  toNested,
} from "./tensor/tensor.js";
export { type PadOptions, padSequences } from "./text/pad-sequences.js";
export { toCategorical } from "./text/to-categorical.js";

// Engines, and the programs that they run

export { formatProgram } from "./compiler/format-program.js";
export { createWasmEngine, type Engine, referenceEngine, wasmEngine } from "./engines/index.js";

// Errors

export { ConfigError, DataError, FormatError, ShapeError, StateError, TavaliError } from "./errors.js";

// Types of signatures

export type * from "./signature-types.js";
