/** The list of layers, and the way from plain data to one of them. */
import { ConfigError } from "../errors.js";
import { activation } from "./activation.js";
import { additiveAttention, attention } from "./attention.js";
import { attentionPooling1D } from "./attention-pooling.js";
import { bidirectional } from "./bidirectional.js";
import { concatenate } from "./concatenate.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import { flatten } from "./flatten.js";
import { globalAveragePooling1D, globalMaxPooling1D } from "./global-pooling.js";
import { gru } from "./gru.js";
import type { Layer, LayerConfig } from "./layer.js";
import { layerNormalization } from "./layer-normalization.js";
import { lstm } from "./lstm.js";
import { masking } from "./masking.js";
import { add, average, maximum, minimum, multiply, subtract } from "./merge.js";
import { repeatVector } from "./repeat-vector.js";
import { rnn } from "./rnn.js";
import { simpleRNN } from "./simple-rnn.js";
import { spatialDropout1D } from "./spatial-dropout.js";
import { timeDistributed } from "./time-distributed.js";

// biome-ignore lint/suspicious/noExplicitAny: a config is data from outside; each layer checks what it is given
type Config = any;

const makers: Readonly<Record<string, (config: Config) => Layer>> = {
  Activation: ({ activation: f, ...options }) => activation(f, options),
  Add: add,
  AdditiveAttention: additiveAttention,
  Attention: attention,
  AttentionPooling1D: attentionPooling1D,
  Average: average,
  Bidirectional: ({ layer, backwardLayer, ...options }) =>
    bidirectional(layerFromConfig(layer), {
      ...options,
      ...(backwardLayer && { backwardLayer: layerFromConfig(backwardLayer) }),
    }),
  Concatenate: concatenate,
  Dense: ({ units, ...options }) => dense(units, options),
  Dropout: ({ rate, ...options }) => dropout(rate, options),
  Embedding: ({ inputDim, outputDim, ...options }) => embedding(inputDim, outputDim, options),
  Flatten: flatten,
  GlobalAveragePooling1D: globalAveragePooling1D,
  GlobalMaxPooling1D: globalMaxPooling1D,
  GRU: ({ units, ...options }) => gru(units, options),
  LayerNormalization: layerNormalization,
  LSTM: ({ units, ...options }) => lstm(units, options),
  Masking: masking,
  Maximum: maximum,
  Minimum: minimum,
  Multiply: multiply,
  RepeatVector: ({ n, ...options }) => repeatVector(n, options),
  RNN: ({ cell, units, ...options }) => rnn(cell, units, options),
  SimpleRNN: ({ units, ...options }) => simpleRNN(units, options),
  SpatialDropout1D: ({ rate, ...options }) => spatialDropout1D(rate, options),
  Subtract: subtract,
  TimeDistributed: ({ layer, ...options }) => timeDistributed(layerFromConfig(layer), options),
};

/** The types `layerFromConfig` can make. */
export const layerTypes: readonly string[] = Object.keys(makers);

/**
 * The layer that a config describes: `layerFromConfig(layer.config)` is a layer like `layer`.
 *
 * @param config Keras's class name as `type`, and the options
 * @throws ConfigError when the type is unknown, listing the known ones
 * @example layerFromConfig({ type: "Dense", units: 1, activation: "sigmoid" })
 */
export function layerFromConfig({ type, ...options }: LayerConfig): Layer {
  if (!Object.hasOwn(makers, type)) {
    throw new ConfigError(`Unknown layer type "${type}". Known are ${layerTypes.join(", ")}.`);
  }
  return makers[type]!(options);
}
