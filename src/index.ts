/**
 * Tavali: recurrent neural networks. This page is the public API as a table of contents; `tavali/text`, `tavali/datasets`,
 * `tavali/equations`, `tavali/formats` and `tavali/recipes` are its other doors.
 */

export { type Activation, type ActivationLike, activations } from "./activations/index.js";
// Cells, and what explains them
export {
  type AnyCell,
  type Cell,
  type CellDefinition,
  defineCell,
  gruCell,
  lstmCell,
  simpleRNNCell,
} from "./cells/index.js";
// Programs and engines
export { formatProgram } from "./compiler/format-program.js";
export { createWasmEngine, type Engine, referenceEngine, wasmEngine } from "./engines/index.js";
export {
  type Equation,
  type ExplainableCell,
  type ExplainOptions,
  type Explanation,
  explain,
  explainEquations,
} from "./equations/index.js";
// Errors
export { ConfigError, DataError, FormatError, ShapeError, StateError, TavaliError } from "./errors.js";
export { type Initializer, type InitializerLike, initializers } from "./initializers/index.js";
// Gradients through time
export {
  type Diagnosis,
  type Inspection,
  type InspectOptions,
  inspect,
  inspectionPage,
  type KernelInspection,
  type LayerInspection,
  type PagePart,
  type StateInspection,
  spectralRadius,
  type TruncationInspection,
  type WeightInspection,
} from "./inspection/index.js";
// Layers
export {
  type AdditiveAttentionOptions,
  type AppliedTensor,
  type AttentionOptions,
  type AttentionPoolingOptions,
  activation,
  add,
  additiveAttention,
  attention,
  attentionPooling1D,
  average,
  type BidirectionalOptions,
  bidirectional,
  type CellOptions,
  type ConcatenateOptions,
  type CustomLayers,
  concatenate,
  type DenseOptions,
  type DropoutOptions,
  dense,
  dropout,
  type EmbeddingOptions,
  embedding,
  flatten,
  type GRUOptions,
  globalAveragePooling1D,
  globalMaxPooling1D,
  gru,
  type InitialState,
  type InputOptions,
  input,
  type Layer,
  type LayerCall,
  type LayerConfig,
  type LayerNormalizationOptions,
  type LayerOptions,
  type LSTMOptions,
  layerFromConfig,
  layerNormalization,
  lstm,
  type MaskingOptions,
  masking,
  maximum,
  minimum,
  multiply,
  oneHot,
  type RecurrentOptions,
  repeatVector,
  rnn,
  type SimpleRNNOptions,
  type SymbolicTensor,
  simpleRNN,
  spatialDropout1D,
  subtract,
  timeDistributed,
} from "./layers/index.js";
// Losses, metrics, optimizers, initializers, activations by name
export {
  binaryCrossentropy,
  categoricalCrossentropy,
  defineLoss,
  type Loss,
  type LossDefinition,
  type LossLike,
  losses,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropy,
} from "./losses/index.js";
export {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  type Metric,
  type MetricLike,
  metrics,
  sparseCategoricalAccuracy,
} from "./metrics/index.js";
// Models
export {
  type BatchOptions,
  type ClassWeight,
  type CompileOptions,
  type CustomObjects,
  type DataLike,
  type EvaluateOptions,
  type FitOptions,
  Functional,
  type FunctionalConfig,
  functionalFromConfig,
  type LossTrace,
  type MetricsLike,
  Model,
  type ModelBorders,
  type ModelConfig,
  type ModelOptions,
  model,
  modelFromConfig,
  type OptimizerState,
  type PerOutput,
  type Prediction,
  Sequential,
  type SequentialConfig,
  type SummaryOptions,
  type SymbolicTensors,
  sequential,
  sequentialFromConfig,
  type ValueConfig,
  type WeightOptions,
} from "./models/index.js";
export {
  type AdamOptions,
  adam,
  type ClipOptions,
  type Optimizer,
  type OptimizerLike,
  optimizers,
  type RMSpropOptions,
  rmsprop,
  type SGDOptions,
  sgd,
} from "./optimizers/index.js";
export { Random } from "./tensor/random.js";
export type { PartialShape, Shape } from "./tensor/shape.js";
// Tensors and sequences
export { isTensor, type NestedArray, type Tensor, type TensorLike, tensor, toNested } from "./tensor/tensor.js";
export { type PadOptions, padSequences, toCategorical } from "./text/index.js";
// Training
export {
  type Callback,
  type CallbackState,
  type CheckpointOptions,
  type CsvLoggerOptions,
  csvLogger,
  type EarlyStoppingOptions,
  type EpochEndResult,
  earlyStopping,
  type Fingerprint,
  type History,
  type LogSink,
  type Logs,
  learningRateScheduler,
  type MemorySink,
  type ModelCheckpointOptions,
  type MonitorOptions,
  memorySink,
  modelCheckpoint,
  type ProgressSink,
  type ReduceLROnPlateauOptions,
  type RunLogOptions,
  reduceLROnPlateau,
  runLog,
  type StateValue,
  type TensorBoardOptions,
  type TrainingControl,
  type TrainingState,
  tensorBoard,
} from "./training/index.js";
