/** Deserialization of layers: the list of types, and from plain data to a layer. */
import { type AnyCell, cellOfName } from "../cells/index.js";
import { ConfigError } from "../errors.js";
import { anObject, checkOption, text, withoutUsual } from "../options/index.js";
import { checkCustomName, entryOf, nameIn, type Registry } from "../registry.js";
import { activation } from "./activation.js";
import { additiveAttention, attention } from "./attention.js";
import { attentionPooling1D } from "./attention-pooling.js";
import { bidirectional } from "./bidirectional.js";
import { concatenate } from "./concatenate.js";
import { conv1D, conv2D } from "./convolution.js";
import { crf } from "./crf.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import { flatten } from "./flatten.js";
import {
  globalAveragePooling1D,
  globalAveragePooling2D,
  globalMaxPooling1D,
  globalMaxPooling2D,
} from "./global-pooling.js";
import { gru } from "./gru.js";
import type { Layer, LayerConfig } from "./layer.js";
import { layerNormalization } from "./layer-normalization.js";
import { lstm } from "./lstm.js";
import { masking } from "./masking.js";
import { add, average, maximum, minimum, multiply, subtract } from "./merge.js";
import { oneHot } from "./one-hot.js";
import { repeatVector } from "./repeat-vector.js";
import { permute, reshape } from "./reshape.js";
import { reversibleEmbedding } from "./reversible-embedding.js";
import { rnn } from "./rnn.js";
import { simpleRNN } from "./simple-rnn.js";
import { spatialDropout1D } from "./spatial-dropout.js";
import { timeDistributed } from "./time-distributed.js";
import { averagePooling1D, averagePooling2D, maxPooling1D, maxPooling2D } from "./window-pooling.js";

/** Options in a config: untrusted data. */
// biome-ignore lint/suspicious/noExplicitAny: a config is data from outside; each layer checks what it is given
export type Config = any;

/** Custom cells and layers that configs may name besides the built-in ones. */
export interface CustomLayers {
  readonly cells?: Readonly<Record<string, AnyCell>>;
  /** From the options in a config to the layer. */
  readonly layers?: Readonly<Record<string, (options: Config) => Layer>>;
}

/** Context of making the layers of one model. */
export interface LayerSources extends CustomLayers {
  /** The shared layers made so far, by their `sharedId`. */
  readonly shared?: Map<number, Layer>;
  /** Makes models that are layers; undefined for another type. */
  readonly models?: (config: LayerConfig, sources: LayerSources) => Layer | undefined;
}

type LayerMaker = (config: Config, custom: LayerSources) => Layer;

const makers: Readonly<Record<string, LayerMaker>> = {
  Activation: ({ activation: f, ...options }) => activation(f, options),
  Add: add,
  AdditiveAttention: additiveAttention,
  Attention: attention,
  AttentionPooling1D: attentionPooling1D,
  Average: average,
  AveragePooling1D: averagePooling1D,
  AveragePooling2D: averagePooling2D,
  Bidirectional: ({ layer, backwardLayer, ...options }, custom) =>
    bidirectional(layerFromConfig(layer, custom), {
      trainable: true,
      ...options,
      ...(backwardLayer && { backwardLayer: layerFromConfig(backwardLayer, custom) }),
    }),
  Concatenate: concatenate,
  Conv1D: ({ filters, kernelSize, ...options }) => conv1D(filters, kernelSize, options),
  Conv2D: ({ filters, kernelSize, ...options }) => conv2D(filters, kernelSize, options),
  CRF: ({ tags, ...options }) => crf(tags, options),
  Dense: ({ units, ...options }) => dense(units, options),
  Dropout: ({ rate, ...options }) => dropout(rate, options),
  Embedding: ({ inputDim, outputDim, ...options }) => embedding(inputDim, outputDim, options),
  Flatten: flatten,
  GlobalAveragePooling1D: globalAveragePooling1D,
  GlobalAveragePooling2D: globalAveragePooling2D,
  GlobalMaxPooling1D: globalMaxPooling1D,
  GlobalMaxPooling2D: globalMaxPooling2D,
  GRU: ({ units, ...options }) => gru(units, options),
  LayerNormalization: layerNormalization,
  LSTM: ({ units, ...options }) => lstm(units, options),
  Masking: masking,
  Maximum: maximum,
  MaxPooling1D: maxPooling1D,
  MaxPooling2D: maxPooling2D,
  Minimum: minimum,
  Multiply: multiply,
  Permute: ({ dims, ...options }) => permute(dims, options),
  RepeatVector: ({ n, ...options }) => repeatVector(n, options),
  ReversibleEmbedding: ({ inputDim, outputDim, ...options }) => reversibleEmbedding(inputDim, outputDim, options),
  RNN: ({ cell, units, ...options }, { cells }) =>
    Array.isArray(cell)
      ? rnn(
          cell.map((name) => cellOfName(name, cells)),
          units,
          options,
        )
      : rnn(cellOfName(cell, cells), units, options),
  OneHot: ({ classes, ...options }) => oneHot(classes, options),
  Reshape: ({ targetShape, ...options }) => reshape(targetShape, options),
  SimpleRNN: ({ units, ...options }) => simpleRNN(units, options),
  SpatialDropout1D: ({ rate, ...options }) => spatialDropout1D(rate, options),
  Subtract: subtract,
  TimeDistributed: ({ layer, ...options }, custom) => timeDistributed(layerFromConfig(layer, custom), options),
};

/** Layers by type. */
export const layerRegistry: Registry<LayerMaker> = { kind: "layer type", entries: makers, custom: "layers" };

/** The types `layerFromConfig` can make. */
export const layerTypes: readonly string[] = /* @__PURE__ */ Object.keys(makers);

/**
 * The layer that a config describes: `layerFromConfig(layer.config)` is a layer like `layer`.
 *
 * @param config Keras's class name as `type`, and the options; configs with the same `sharedId` are of one layer
 * @param custom the user's cells and layers that the config names
 * @throws ConfigError when the type or a cell is unknown, listing the known ones, when a custom layer has a built-in type, or when the
 *   config asks for something that the layer does not have
 * @example layerFromConfig({ type: "Dense", units: 1, activation: "sigmoid" })
 */
export function layerFromConfig(described: LayerConfig, custom: LayerSources = {}): Layer {
  checkOption("layerFromConfig", "config", described, anObject);
  checkOption("layerFromConfig", "custom", custom, anObject);
  const { sharedId, ...config } = described;
  const known = custom.shared?.get(sharedId as number);
  if (known && known.type !== config.type) {
    throw new ConfigError(
      `The config gives a ${known.type} and a ${config.type} the same sharedId, ${sharedId}; expected one layer for each.`,
    );
  }
  const layer = known ?? newLayer(config as LayerConfig, custom);
  if (sharedId !== undefined) custom.shared?.set(sharedId as number, layer);
  return layer;
}

function newLayer({ type, ...options }: LayerConfig, custom: LayerSources): Layer {
  checkOption("layerFromConfig", "type", type, text);
  const model = custom.models?.({ type, ...options }, custom);
  if (model) return model;
  const { layers = {} } = custom;
  for (const name of Object.keys(layers)) checkCustomName(layerRegistry, "layerFromConfig", name);
  const name = nameIn(layerRegistry, type);
  return entryOf(layerRegistry, type, layers)(name === undefined ? options : withoutUsual(name, options), custom);
}
