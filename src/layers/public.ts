/**
 * The list of everything that makes layers, with its options. The package exports these names, and the namespace `layers` of them:
 * `layers.add` next to `add` of `tavali/equations`.
 */
export { activation } from "./activation.js";
export { type AdditiveAttentionOptions, type AttentionOptions, additiveAttention, attention } from "./attention.js";
export { type AttentionPoolingOptions, attentionPooling1D } from "./attention-pooling.js";
export { type BidirectionalOptions, bidirectional, type MergeMode } from "./bidirectional.js";
export { type ConcatenateOptions, concatenate } from "./concatenate.js";
export { type Conv1DOptions, type Conv2DOptions, conv1D, conv2D } from "./convolution.js";
export { type CRFOptions, crf } from "./crf.js";
export { type DenseOptions, dense } from "./dense.js";
export { type DropoutOptions, dropout } from "./dropout.js";
export { type EmbeddingOptions, embedding } from "./embedding.js";
export { flatten } from "./flatten.js";
export {
  globalAveragePooling1D,
  globalAveragePooling2D,
  globalMaxPooling1D,
  globalMaxPooling2D,
} from "./global-pooling.js";
export { type GRUOptions, gru } from "./gru.js";
export { type InputOptions, input } from "./input.js";
export { type LayerNormalizationOptions, layerNormalization } from "./layer-normalization.js";
export { type LSTMOptions, lstm } from "./lstm.js";
export { type MaskingOptions, masking } from "./masking.js";
export { add, average, maximum, minimum, multiply, subtract } from "./merge.js";
export { oneHot } from "./one-hot.js";
export { repeatVector } from "./repeat-vector.js";
export { permute, reshape } from "./reshape.js";
export { type ReversibleEmbeddingOptions, reversibleEmbedding } from "./reversible-embedding.js";
export { type CellOptions, rnn } from "./rnn.js";
export { type SimpleRNNOptions, simpleRNN } from "./simple-rnn.js";
export { spatialDropout1D } from "./spatial-dropout.js";
export { timeDistributed } from "./time-distributed.js";
export {
  averagePooling1D,
  averagePooling2D,
  maxPooling1D,
  maxPooling2D,
  type PoolingOptions,
} from "./window-pooling.js";
